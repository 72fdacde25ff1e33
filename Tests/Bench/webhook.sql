\set person random(1, 2000)
SELECT gen_random_uuid() AS event, meeting_id AS meeting, id AS participant FROM bench_people WHERE number = :person \gset
INSERT INTO webhook_inbox (id, event, room, occurred_at, received_at, payload) VALUES (:event, 'participant_joined', :meeting, now(), now(), '{"event": "participant_joined"}') ON CONFLICT (id) DO NOTHING;
BEGIN;
UPDATE webhook_inbox SET applied_at = now(), attempts = attempts + 1, last_error = NULL WHERE id = :event AND applied_at IS NULL;
SELECT pg_advisory_xact_lock(hashtextextended(:meeting, 0));
INSERT INTO participant_sessions AS session (sid, meeting_id, participant_id, room_sid, connected_at, recorded_at) VALUES (:event, :meeting, :participant, 'RM_' || replace(:meeting, '-', ''), now(), now()) ON CONFLICT (sid) DO UPDATE SET connected_at = least(session.connected_at, excluded.connected_at);
UPDATE participants SET connected_at = coalesce(connected_at, now()) WHERE id = :participant;
COMMIT;
