CREATE TABLE recordings (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE RESTRICT,
    requested_by uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    kind text NOT NULL,
    participant_identity uuid,
    state text NOT NULL DEFAULT 'requested',
    egress_id text CONSTRAINT recordings_egress_unique UNIQUE,
    object_key text CONSTRAINT recordings_object_key_unique UNIQUE,
    size_bytes bigint,
    duration_milliseconds bigint,
    failure text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at timestamptz,
    ready_at timestamptz,
    delete_after timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT recordings_kind_known CHECK (kind IN ('composite', 'participant', 'audio')),
    CONSTRAINT recordings_state_known CHECK (
        state IN ('requested', 'starting', 'active', 'ending', 'uploaded', 'ready', 'failed', 'deleting')
    ),
    CONSTRAINT recordings_of_one_person CHECK ((kind = 'participant') = (participant_identity IS NOT NULL)),
    CONSTRAINT recordings_running_have_egress CHECK (
        state NOT IN ('active', 'ending', 'uploaded') OR egress_id IS NOT NULL
    ),
    CONSTRAINT recordings_ready_were_seen CHECK (
        state <> 'ready'
        OR (ready_at IS NOT NULL AND object_key IS NOT NULL AND size_bytes > 0 AND ended_at IS NOT NULL)
    ),
    CONSTRAINT recordings_failed_say_why CHECK (state <> 'failed' OR failure IS NOT NULL),
    CONSTRAINT recordings_size_sensible CHECK (size_bytes >= 0),
    CONSTRAINT recordings_duration_sensible CHECK (duration_milliseconds >= 0),
    CONSTRAINT recordings_ended_after_started CHECK (ended_at >= started_at),
    CONSTRAINT recordings_version_positive CHECK (version > 0)
);

CREATE INDEX recordings_of_meeting ON recordings (meeting_id, id DESC);
CREATE UNIQUE INDEX recordings_one_running_composite ON recordings (meeting_id)
    WHERE kind = 'composite' AND state IN ('requested', 'starting', 'active', 'ending');
CREATE INDEX recordings_unfinished ON recordings (updated_at) WHERE state NOT IN ('ready', 'failed');
CREATE INDEX recordings_expiring ON recordings (delete_after) WHERE delete_after IS NOT NULL;

COMMENT ON TABLE recordings IS
    'The state of every recording, so that it survives a restart of any part. The files lie in the bucket.';
COMMENT ON COLUMN recordings.state IS
    'ready only after the object was seen in the bucket with the size that was reported; a deleted row''s object is gone.';
COMMENT ON COLUMN recordings.participant_identity IS
    'Whom a recording of one person shows; outlives the participant''s row on purpose.';
