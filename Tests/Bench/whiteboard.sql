\set board random(1, 20)
\set first random(0, 389)
BEGIN;
SELECT whiteboards.id, revision FROM whiteboards JOIN bench_boards ON bench_boards.id = whiteboards.id WHERE number = :board FOR NO KEY UPDATE OF whiteboards;
INSERT INTO whiteboard_elements AS there (whiteboard_id, element_id, version, version_nonce, element_index, deleted, content, revision) SELECT id, 'other-' || element, 2, 1, 'a' || lpad(element::text, 4, '0'), false, json_build_object('id', 'other-' || element, 'points', repeat('[12.34,56.78],', 25)), 1 FROM bench_boards, generate_series(:first, :first + 9) AS element WHERE number = :board ON CONFLICT (whiteboard_id, element_id) DO UPDATE SET version = there.version + 1, version_nonce = excluded.version_nonce, content = excluded.content, updated_at = now();
UPDATE whiteboards SET revision = revision + 1 FROM bench_boards WHERE bench_boards.id = whiteboards.id AND number = :board;
COMMIT;
