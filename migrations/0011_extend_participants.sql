ALTER TABLE participants
    ADD COLUMN cohost_since timestamptz,
    ADD COLUMN hand_raised_at timestamptz,
    ADD COLUMN denied_at timestamptz,
    ADD COLUMN removed_at timestamptz,
    ADD CONSTRAINT participants_cohosts_were_admitted CHECK (cohost_since IS NULL OR admitted_at IS NOT NULL),
    ADD CONSTRAINT participants_raised_hands_were_admitted CHECK (hand_raised_at IS NULL OR admitted_at IS NOT NULL),
    ADD CONSTRAINT participants_denied_never_came_in CHECK (
        denied_at IS NULL OR (admitted_at IS NULL AND left_at IS NOT NULL)
    ),
    ADD CONSTRAINT participants_hosts_are_never_removed CHECK (role <> 'host' OR removed_at IS NULL);

CREATE INDEX participants_removed ON participants (meeting_id, id) WHERE removed_at IS NOT NULL;
CREATE INDEX participants_knocking ON participants (joined_at) WHERE admitted_at IS NULL AND left_at IS NULL;

COMMENT ON COLUMN participants.cohost_since IS 'Since when they host the meeting together with those who manage it.';
COMMENT ON COLUMN participants.denied_at IS 'When a host turned them away from the lobby.';
COMMENT ON COLUMN participants.removed_at IS
    'When a host threw them out. Keeps their account out of the meeting until it is NULL again.';

-- VOLATILE on purpose, as meeting_seats_taken: called after the meeting's row was locked, it sees a removal that held the
-- lock before.
CREATE FUNCTION meeting_keeps_out(meeting uuid, account uuid) RETURNS boolean
LANGUAGE sql VOLATILE PARALLEL UNSAFE
RETURN EXISTS (
    SELECT FROM participants WHERE meeting_id = meeting AND account_id = account AND removed_at IS NOT NULL
);

COMMENT ON FUNCTION meeting_keeps_out IS 'Whether a host removed the account from the meeting and did not let it come back.';

ALTER TABLE meetings ADD COLUMN chat_history boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN meetings.chat_history IS 'Whether messages are kept, so that those who come later can read them.';
