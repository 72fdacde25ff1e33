-- compatible-from: 13
-- The order of a meeting's timeline: by time, then by the id, which for events of the media server is made of theirs.
CREATE INDEX webhook_inbox_of_room ON webhook_inbox (room, (coalesce(occurred_at, received_at)), (md5(id)::uuid));

-- What was done to recordings has them for its subject.
CREATE INDEX audit_log_of_meeting ON audit_log ((details ->> 'meeting'), at, id) WHERE details ? 'meeting';
