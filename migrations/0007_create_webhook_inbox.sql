CREATE TABLE webhook_inbox (
    id text PRIMARY KEY,
    event text NOT NULL,
    room text,
    occurred_at timestamptz,
    received_at timestamptz NOT NULL DEFAULT now(),
    payload jsonb NOT NULL,
    applied_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    CONSTRAINT webhook_inbox_id_bounded CHECK (octet_length(id) BETWEEN 1 AND 128),
    CONSTRAINT webhook_inbox_event_bounded CHECK (octet_length(event) BETWEEN 1 AND 64),
    CONSTRAINT webhook_inbox_object CHECK (jsonb_typeof(payload) = 'object'),
    CONSTRAINT webhook_inbox_attempts_counted CHECK (attempts >= 0 AND (applied_at IS NULL OR attempts > 0)),
    CONSTRAINT webhook_inbox_applied_after_received CHECK (applied_at >= received_at)
);

CREATE INDEX webhook_inbox_unapplied ON webhook_inbox (received_at) WHERE applied_at IS NULL;
CREATE INDEX webhook_inbox_by_time ON webhook_inbox USING brin (received_at);

COMMENT ON TABLE webhook_inbox IS
    'Verified events of the media server, stored before they are applied; the event''s own id makes that idempotent.';
