-- A year with a meeting every five minutes and ten people in each: 100,000 meetings of 200 accounts, a million participants.
-- In one transaction, as a superuser.
SET LOCAL session_replication_role = replica;

INSERT INTO accounts (id, email, display_name, role, password_hash)
SELECT lpad(number::text, 32, '0')::uuid, 'user' || number || '@example.org', 'User', 'member', '$argon2id$'
FROM generate_series(1, 200) AS number;

INSERT INTO meetings (id, join_code, owner_id, title, kind, state, started_at, ended_at)
SELECT lpad(to_hex(number), 32, '0')::uuid,
    '0000-0000-0000-' || substr(lpad(to_hex(number), 8, '0'), 1, 4) || '-' || substr(lpad(to_hex(number), 8, '0'), 5),
    lpad((number % 200 + 1)::text, 32, '0')::uuid, 'Meeting', 'instant', 'ended', at, at + interval '1 hour'
FROM generate_series(1, 100000) AS number,
    LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + number * interval '5 minutes' AS at) AS moment;

INSERT INTO participants
    (meeting_id, role, display_name, joined_at, admitted_at, seat_held_until, connected_at, left_at)
SELECT meetings.id, 'guest', 'Guest', started_at, started_at, started_at + interval '10 minutes', started_at,
    started_at + interval '30 minutes'
FROM meetings, generate_series(1, 10)
WHERE meetings.join_code LIKE '0000-0000-0000-%';

INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at, is_stale, participants, peak_participants, joins,
    leaves, participant_seconds)
SELECT id, owner_id, started_at, ended_at, false, 10, 10, 10, 10, 18000
FROM meetings WHERE join_code LIKE '0000-0000-0000-%';

SET LOCAL session_replication_role = origin;

ANALYZE accounts, meetings, participants, participant_sessions, gatherings, recordings, meeting_feedback, webhook_inbox,
    audit_log, analytics_events;
