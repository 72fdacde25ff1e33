CREATE TABLE analytics_events (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    participant_id uuid,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT analytics_events_kind_form CHECK (kind ~ '^[a-z_]{1,32}(\.[a-z_]{1,32})?$'),
    CONSTRAINT analytics_events_object CHECK (jsonb_typeof(details) = 'object'),
    CONSTRAINT analytics_events_bounded CHECK (pg_column_size(details) <= 8192),
    CONSTRAINT analytics_events_participant_of_meeting FOREIGN KEY (meeting_id, participant_id)
        REFERENCES participants (meeting_id, id) ON DELETE CASCADE
);

CREATE INDEX analytics_events_of_meeting ON analytics_events (meeting_id, occurred_at, id);
CREATE INDEX analytics_events_by_time ON analytics_events USING brin (occurred_at);

CREATE TABLE analytics_daily (
    day date NOT NULL,
    owner_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    meetings integer NOT NULL DEFAULT 0,
    joins integer NOT NULL DEFAULT 0,
    peak_participants integer NOT NULL DEFAULT 0,
    participant_seconds bigint NOT NULL DEFAULT 0,
    recordings integer NOT NULL DEFAULT 0,
    recorded_seconds bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (owner_id, day),
    CONSTRAINT analytics_daily_never_negative CHECK (
        meetings >= 0 AND joins >= 0 AND peak_participants >= 0 AND participant_seconds >= 0 AND recordings >= 0
        AND recorded_seconds >= 0
    ),
    CONSTRAINT analytics_daily_peak_within_joins CHECK (peak_participants <= joins)
);

CREATE INDEX analytics_daily_by_day ON analytics_daily (day);

COMMENT ON TABLE analytics_events IS 'What happened in a meeting, one row each: the source of its timeline and figures.';
COMMENT ON TABLE analytics_daily IS
    'Sums of a day (UTC) for each owner; computed from events and participants, kept when those are gone.';
