-- One or more boards of a meeting may be open.
DROP INDEX whiteboards_one_open;

-- Elements are kept as the text that was sent: jsonb would write numbers anew (1e21, -0) and refuses \u0000.
ALTER TABLE whiteboard_elements
    DROP CONSTRAINT whiteboard_elements_object,
    DROP CONSTRAINT whiteboard_elements_bounded;
ALTER TABLE whiteboard_elements
    ALTER COLUMN content TYPE json USING content::json,
    ADD COLUMN element_index text,
    ADD COLUMN revision integer NOT NULL DEFAULT 0;
UPDATE whiteboard_elements SET element_index = content ->> 'index';
ALTER TABLE whiteboard_elements
    ADD CONSTRAINT whiteboard_elements_object CHECK (json_typeof(content) = 'object'),
    ADD CONSTRAINT whiteboard_elements_bounded CHECK (octet_length(content::text) <= 262144),
    ADD CONSTRAINT whiteboard_elements_index_short CHECK (octet_length(element_index) BETWEEN 1 AND 256);

ALTER TABLE whiteboard_states
    DROP CONSTRAINT whiteboard_states_array,
    DROP CONSTRAINT whiteboard_states_bounded;
ALTER TABLE whiteboard_states
    ALTER COLUMN elements TYPE json USING elements::json,
    ADD COLUMN revision integer NOT NULL DEFAULT 0,
    ADD COLUMN element_count integer NOT NULL DEFAULT 0;
ALTER TABLE whiteboard_states
    ADD CONSTRAINT whiteboard_states_array CHECK (json_typeof(elements) = 'array');

ALTER TABLE whiteboards
    ADD COLUMN revision integer NOT NULL DEFAULT 0,
    ADD COLUMN element_count integer NOT NULL DEFAULT 0,
    ADD COLUMN element_bytes integer NOT NULL DEFAULT 0,
    ADD COLUMN picture_count integer NOT NULL DEFAULT 0,
    ADD COLUMN picture_bytes integer NOT NULL DEFAULT 0;
UPDATE whiteboards
SET element_count = held.count, element_bytes = held.bytes
FROM (
    SELECT whiteboard_id, count(*) AS count, sum(octet_length(content::text)) AS bytes
    FROM whiteboard_elements GROUP BY whiteboard_id
) AS held
WHERE held.whiteboard_id = id;
ALTER TABLE whiteboards
    ADD CONSTRAINT whiteboards_elements_bounded CHECK (
        element_count BETWEEN 0 AND 5000 AND element_bytes BETWEEN 0 AND 8388608
    ),
    ADD CONSTRAINT whiteboards_pictures_bounded CHECK (
        picture_count BETWEEN 0 AND 100 AND picture_bytes BETWEEN 0 AND 67108864
    );

CREATE TABLE whiteboard_pictures (
    whiteboard_id uuid NOT NULL REFERENCES whiteboards (id) ON DELETE CASCADE,
    file_id text NOT NULL,
    content_type text NOT NULL,
    size_bytes integer NOT NULL,
    object_key text NOT NULL CONSTRAINT whiteboard_pictures_object_key_unique UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (whiteboard_id, file_id),
    CONSTRAINT whiteboard_pictures_id_short CHECK (octet_length(file_id) BETWEEN 1 AND 64),
    CONSTRAINT whiteboard_pictures_type_known CHECK (
        content_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
    ),
    CONSTRAINT whiteboard_pictures_bounded CHECK (size_bytes BETWEEN 1 AND 4194304)
);

COMMENT ON TABLE whiteboards IS 'The boards of a meeting; any number of them may be open.';
COMMENT ON COLUMN whiteboards.revision IS
    'Grows by one with every batch of changes; who writes elements holds the board''s row, so that a reader who has seen a revision has seen all before it.';
COMMENT ON COLUMN whiteboard_elements.revision IS 'The board''s revision that brought this version.';
COMMENT ON TABLE whiteboard_pictures IS 'Pictures on boards; their bytes lie in the bucket.';
