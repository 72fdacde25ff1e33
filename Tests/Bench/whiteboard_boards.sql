-- Four hundred elements on each board, as requests.py draws them, and the boards' numbers for whiteboard.sql.
CREATE TABLE bench_boards AS SELECT row_number() OVER (ORDER BY id) AS number, id FROM whiteboards WHERE title = 'Benchmark';
ALTER TABLE bench_boards ADD PRIMARY KEY (number);
INSERT INTO whiteboard_elements (whiteboard_id, element_id, version, version_nonce, element_index, deleted, content, revision)
SELECT bench_boards.id, 'other-' || element, 1, 1, 'a' || lpad(element::text, 4, '0'), false,
    json_build_object('id', 'other-' || element, 'points', repeat('[12.34,56.78],', 25)), 1
FROM bench_boards, generate_series(0, 399) AS element;
