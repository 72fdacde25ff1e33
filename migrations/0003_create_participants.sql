CREATE TABLE participants (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    role text NOT NULL,
    display_name text NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    admitted_at timestamptz,
    seat_held_until timestamptz,
    connected_at timestamptz,
    left_at timestamptz,
    CONSTRAINT participants_of_meeting UNIQUE (meeting_id, id),
    CONSTRAINT participants_role_known CHECK (role IN ('host', 'member', 'guest')),
    CONSTRAINT participants_guests_have_no_account CHECK ((role = 'guest') = (account_id IS NULL)),
    CONSTRAINT participants_display_name_readable CHECK (
        octet_length(display_name) BETWEEN 1 AND 256 AND display_name COLLATE "C" !~ '[[:cntrl:]]'
        AND display_name = btrim(display_name)
    ),
    CONSTRAINT participants_hosts_never_wait CHECK (role <> 'host' OR admitted_at IS NOT NULL),
    CONSTRAINT participants_admitted_hold_a_seat CHECK (
        (admitted_at IS NULL) = (seat_held_until IS NULL) AND seat_held_until > admitted_at
    ),
    CONSTRAINT participants_connected_were_admitted CHECK (connected_at IS NULL OR admitted_at IS NOT NULL),
    CONSTRAINT participants_admitted_after_joining CHECK (admitted_at >= joined_at),
    CONSTRAINT participants_left_after_joining CHECK (left_at >= joined_at)
);

CREATE INDEX participants_present ON participants (meeting_id, joined_at, id) WHERE left_at IS NULL;

COMMENT ON TABLE participants IS
    'One row for each time someone joins a meeting; its id is their identity on the media server.';
COMMENT ON COLUMN participants.admitted_at IS 'NULL while they wait in the lobby.';
COMMENT ON COLUMN participants.seat_held_until IS
    'Until when a seat is kept for someone who was let in but whom the media server hasn''t reported yet.';

-- VOLATILE on purpose: called after the meeting's row was locked, it counts with a snapshot of its own and so sees the
-- rows of those who held the lock before.
CREATE FUNCTION meeting_seats_taken(meeting uuid, moment timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE
RETURN (
    SELECT count(*) FROM participants
    WHERE meeting_id = meeting AND left_at IS NULL AND admitted_at IS NOT NULL
        AND (connected_at IS NOT NULL OR seat_held_until > moment)
);

COMMENT ON FUNCTION meeting_seats_taken IS 'Seats in use: those connected, and those let in whose seat is still held.';
