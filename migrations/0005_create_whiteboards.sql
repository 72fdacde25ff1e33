CREATE TABLE whiteboards (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    title text NOT NULL DEFAULT 'Whiteboard',
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    CONSTRAINT whiteboards_title_readable CHECK (octet_length(title) BETWEEN 1 AND 480 AND title COLLATE "C" !~ '[[:cntrl:]]'),
    CONSTRAINT whiteboards_closed_after_created CHECK (closed_at >= created_at)
);

CREATE INDEX whiteboards_of_meeting ON whiteboards (meeting_id, id DESC);
CREATE UNIQUE INDEX whiteboards_one_open ON whiteboards (meeting_id) WHERE closed_at IS NULL;

CREATE TABLE whiteboard_elements (
    whiteboard_id uuid NOT NULL REFERENCES whiteboards (id) ON DELETE CASCADE,
    element_id text NOT NULL,
    version integer NOT NULL,
    version_nonce bigint NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    content jsonb NOT NULL,
    updated_by uuid,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (whiteboard_id, element_id),
    CONSTRAINT whiteboard_elements_id_short CHECK (octet_length(element_id) BETWEEN 1 AND 64),
    CONSTRAINT whiteboard_elements_version_positive CHECK (version > 0),
    CONSTRAINT whiteboard_elements_object CHECK (jsonb_typeof(content) = 'object'),
    CONSTRAINT whiteboard_elements_bounded CHECK (pg_column_size(content) <= 1048576)
);

CREATE TABLE whiteboard_states (
    whiteboard_id uuid NOT NULL REFERENCES whiteboards (id) ON DELETE CASCADE,
    number integer NOT NULL,
    elements jsonb NOT NULL,
    saved_by uuid,
    saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (whiteboard_id, number),
    CONSTRAINT whiteboard_states_number_positive CHECK (number > 0),
    CONSTRAINT whiteboard_states_array CHECK (jsonb_typeof(elements) = 'array'),
    CONSTRAINT whiteboard_states_bounded CHECK (pg_column_size(elements) <= 16777216)
);

COMMENT ON TABLE whiteboards IS 'The boards of a meeting; at most one is open.';
COMMENT ON TABLE whiteboard_elements IS
    'What is on a board now, element by element; the higher version wins, then the lower nonce.';
COMMENT ON TABLE whiteboard_states IS 'Saved states of a board, numbered from 1.';
