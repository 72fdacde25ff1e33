CREATE TABLE meetings (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    join_code text NOT NULL CONSTRAINT meetings_join_code_unique UNIQUE,
    owner_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    title text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'scheduled',
    scheduled_start timestamptz,
    scheduled_end timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    passcode_hash text,
    lobby text NOT NULL DEFAULT 'off',
    locked boolean NOT NULL DEFAULT false,
    capacity integer,
    screen_share text NOT NULL DEFAULT 'everyone',
    chat text NOT NULL DEFAULT 'everyone',
    record text NOT NULL DEFAULT 'hosts',
    draw text NOT NULL DEFAULT 'everyone',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT meetings_join_code_form CHECK (
        join_code COLLATE "C" ~ '^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){4}$'
    ),
    CONSTRAINT meetings_title_readable CHECK (
        octet_length(title) BETWEEN 1 AND 480 AND title COLLATE "C" !~ '[[:cntrl:]]' AND title = btrim(title)
    ),
    CONSTRAINT meetings_kind_known CHECK (kind IN ('instant', 'scheduled', 'recurring')),
    CONSTRAINT meetings_state_known CHECK (state IN ('scheduled', 'live', 'ended')),
    CONSTRAINT meetings_times_of_kind CHECK ((kind = 'scheduled') = (scheduled_start IS NOT NULL)),
    CONSTRAINT meetings_end_after_start CHECK (
        scheduled_end IS NULL OR (scheduled_start IS NOT NULL AND scheduled_end > scheduled_start)
    ),
    CONSTRAINT meetings_live_since CHECK (CASE state
        WHEN 'scheduled' THEN started_at IS NULL
        WHEN 'live' THEN started_at IS NOT NULL
        ELSE true
    END),
    CONSTRAINT meetings_ended_since CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT meetings_ended_after_started CHECK (ended_at >= started_at),
    CONSTRAINT meetings_recurring_never_ends CHECK (NOT (kind = 'recurring' AND state = 'ended')),
    CONSTRAINT meetings_passcode_hashed CHECK (passcode_hash LIKE '$argon2id$%'),
    CONSTRAINT meetings_lobby_known CHECK (lobby IN ('off', 'guests', 'everyone')),
    CONSTRAINT meetings_capacity_sensible CHECK (capacity BETWEEN 2 AND 10000),
    CONSTRAINT meetings_screen_share_known CHECK (screen_share IN ('everyone', 'hosts', 'nobody')),
    CONSTRAINT meetings_chat_known CHECK (chat IN ('everyone', 'hosts', 'nobody')),
    CONSTRAINT meetings_record_known CHECK (record IN ('hosts', 'nobody')),
    CONSTRAINT meetings_draw_known CHECK (draw IN ('everyone', 'hosts', 'nobody')),
    CONSTRAINT meetings_version_positive CHECK (version > 0)
);

CREATE INDEX meetings_of_owner ON meetings (owner_id, id DESC);
CREATE INDEX meetings_of_state ON meetings (state, id DESC);

COMMENT ON TABLE meetings IS 'One row for each link; its id is the room''s name on the media server.';
COMMENT ON COLUMN meetings.join_code IS 'The secret of the link: 100 random bits in base 32.';
COMMENT ON COLUMN meetings.started_at IS 'When the first person was let in; for a recurring link, since it was last ended.';
COMMENT ON COLUMN meetings.capacity IS 'People at once, hosts included; NULL for no limit of the meeting''s own.';
COMMENT ON COLUMN meetings.version IS 'Grows with every change; the entity tag of HTTP.';
