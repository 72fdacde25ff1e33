-- Who comes and goes, for requests.py and webhook.sql: twenty of each meeting.
CREATE TABLE bench_people AS
WITH people AS (
    INSERT INTO participants (id, meeting_id, role, display_name, joined_at, admitted_at, seat_held_until)
    SELECT uuidv7(), meetings.id, 'guest', 'Guest', now(), now(), now() + interval '10 minutes'
    FROM meetings CROSS JOIN generate_series(1, 20)
    WHERE state = 'live'
    RETURNING meeting_id, id
)
SELECT row_number() OVER (PARTITION BY meeting_id ORDER BY id) AS place, meeting_id, id FROM people;
ALTER TABLE bench_people ADD COLUMN number bigint;
UPDATE bench_people SET number = ordered.number
FROM (SELECT id, row_number() OVER (ORDER BY place, meeting_id) AS number FROM bench_people) AS ordered
WHERE ordered.id = bench_people.id;
ALTER TABLE bench_people ADD PRIMARY KEY (number);
INSERT INTO media_rooms (sid, meeting_id, created_at, recorded_at)
SELECT DISTINCT 'RM_' || replace(meeting_id::text, '-', ''), meeting_id, now(), now() FROM bench_people ON CONFLICT DO NOTHING;
