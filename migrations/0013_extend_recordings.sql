ALTER TABLE recordings
    ALTER COLUMN requested_by DROP NOT NULL,
    ADD COLUMN state_since timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN start_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN stop_requested_at timestamptz,
    ADD COLUMN egress_status text,
    ADD COLUMN check_at timestamptz DEFAULT now(),
    ADD CONSTRAINT recordings_attempts_counted CHECK (start_attempts >= 0),
    ADD CONSTRAINT recordings_egress_status_known CHECK (
        egress_status IN ('starting', 'active', 'ending', 'complete', 'failed', 'aborted', 'limit_reached', 'unknown')
    ),
    ADD CONSTRAINT recordings_unfinished_are_attended CHECK (state IN ('ready', 'failed') OR check_at IS NOT NULL);

CREATE UNIQUE INDEX recordings_one_running_of_kind ON recordings (meeting_id, kind, participant_identity)
    NULLS NOT DISTINCT WHERE state IN ('requested', 'starting', 'active', 'ending');
CREATE INDEX recordings_due ON recordings (check_at) WHERE check_at IS NOT NULL;
DROP INDEX recordings_expiring;

COMMENT ON COLUMN recordings.requested_by IS 'NULL for a host without an account.';
COMMENT ON COLUMN recordings.egress_status IS 'The furthest that the recorder has reported.';
COMMENT ON COLUMN recordings.failure IS 'Why it failed; before that, why the last attempt to begin did.';
COMMENT ON COLUMN recordings.check_at IS
    'When an instance must look after it next; NULL when nothing is left to do. While one does, that instance''s lease.';
