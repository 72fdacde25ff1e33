CREATE TABLE media_rooms (
    sid text PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    created_at timestamptz,
    finished_at timestamptz,
    finish_reported boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT media_rooms_sid_bounded CHECK (octet_length(sid) BETWEEN 1 AND 128),
    CONSTRAINT media_rooms_reported_are_finished CHECK (NOT finish_reported OR finished_at IS NOT NULL)
);

CREATE INDEX media_rooms_of_meeting ON media_rooms (meeting_id);
CREATE INDEX media_rooms_open ON media_rooms (meeting_id) WHERE finished_at IS NULL;

CREATE TABLE participant_sessions (
    sid text PRIMARY KEY,
    meeting_id uuid NOT NULL,
    participant_id uuid NOT NULL,
    room_sid text NOT NULL REFERENCES media_rooms (sid) ON DELETE CASCADE,
    connected_at timestamptz,
    left_at timestamptz,
    leave_reported boolean NOT NULL DEFAULT false,
    leave_reason text,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT participant_sessions_sid_bounded CHECK (octet_length(sid) BETWEEN 1 AND 128),
    CONSTRAINT participant_sessions_reported_have_left CHECK (NOT leave_reported OR left_at IS NOT NULL),
    CONSTRAINT participant_sessions_of_participant FOREIGN KEY (meeting_id, participant_id)
        REFERENCES participants (meeting_id, id) ON DELETE CASCADE
);

CREATE INDEX participant_sessions_of_participant ON participant_sessions (meeting_id, participant_id);
CREATE INDEX participant_sessions_of_room ON participant_sessions (room_sid);
CREATE INDEX participant_sessions_open ON participant_sessions (meeting_id) WHERE left_at IS NULL;

COMMENT ON TABLE media_rooms IS
    'The lives of meetings'' rooms on the media server. A time that was reported takes the place of one that was found out by looking.';
COMMENT ON TABLE participant_sessions IS
    'The connections of participants to the media server: what participants.connected_at and left_at are made of.';
COMMENT ON COLUMN participant_sessions.connected_at IS 'NULL when the connection never came about.';
COMMENT ON COLUMN participant_sessions.recorded_at IS 'When we learnt of it, by our own clock.';

ALTER TABLE webhook_inbox
    ADD COLUMN note text,
    ADD CONSTRAINT webhook_inbox_note_bounded CHECK (octet_length(note) <= 1024);

COMMENT ON COLUMN webhook_inbox.note IS 'Why nothing followed from an event.';

CREATE TABLE service_leases (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    held_until timestamptz NOT NULL,
    CONSTRAINT service_leases_name_form CHECK (name ~ '^[a-z][a-z_-]{0,62}$')
);

COMMENT ON TABLE service_leases IS 'Which instance does what only one should do at a time, and until when.';
