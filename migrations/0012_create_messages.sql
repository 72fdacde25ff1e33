CREATE TABLE messages (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL,
    participant_id uuid NOT NULL,
    role text NOT NULL,
    body text NOT NULL,
    sent_at timestamptz NOT NULL,
    CONSTRAINT messages_of_participant FOREIGN KEY (meeting_id, participant_id)
        REFERENCES participants (meeting_id, id) ON DELETE CASCADE,
    CONSTRAINT messages_role_known CHECK (role IN ('host', 'member', 'guest')),
    CONSTRAINT messages_body_bounded CHECK (octet_length(body) BETWEEN 1 AND 8000)
);

CREATE INDEX messages_of_meeting ON messages (meeting_id, id DESC);

COMMENT ON TABLE messages IS 'Chat of meetings that keep it; gone with the meeting, or when someone deletes a message.';
COMMENT ON COLUMN messages.role IS 'What the sender was at that moment.';
