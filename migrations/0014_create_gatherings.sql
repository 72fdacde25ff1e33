-- compatible-from: 13
-- Nothing ever wrote to it.
DROP TABLE analytics_daily;

CREATE TABLE gatherings (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    meeting_id uuid NOT NULL,
    owner_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    is_stale boolean NOT NULL DEFAULT true,
    participants integer NOT NULL DEFAULT 0,
    peak_participants integer NOT NULL DEFAULT 0,
    joins integer NOT NULL DEFAULT 0,
    leaves integer NOT NULL DEFAULT 0,
    participant_seconds bigint NOT NULL DEFAULT 0,
    aborted_connections integer NOT NULL DEFAULT 0,
    never_connected integer NOT NULL DEFAULT 0,
    recordings integer NOT NULL DEFAULT 0,
    recorded_seconds bigint NOT NULL DEFAULT 0,
    ratings integer NOT NULL DEFAULT 0,
    rating_sum integer NOT NULL DEFAULT 0,
    CONSTRAINT gatherings_of_meeting UNIQUE (meeting_id, started_at),
    CONSTRAINT gatherings_ended_after_started CHECK (ended_at >= started_at),
    CONSTRAINT gatherings_never_negative CHECK (
        participants >= 0 AND peak_participants >= 0 AND joins >= 0 AND leaves >= 0 AND participant_seconds >= 0
        AND aborted_connections >= 0 AND never_connected >= 0 AND recordings >= 0 AND recorded_seconds >= 0
        AND ratings >= 0
    ),
    CONSTRAINT gatherings_peak_within_participants CHECK (peak_participants <= participants),
    CONSTRAINT gatherings_ratings_of_one_to_five CHECK (rating_sum BETWEEN ratings AND ratings * 5)
);

CREATE INDEX gatherings_by_time ON gatherings (started_at);
CREATE INDEX gatherings_of_owner ON gatherings (owner_id, started_at);
CREATE INDEX gatherings_stale ON gatherings (ended_at) WHERE is_stale;

COMMENT ON TABLE gatherings IS
    'One row for each time that a meeting was live and has ended, with its sums; outlives the meeting, so without a foreign key.';
COMMENT ON COLUMN gatherings.is_stale IS
    'Whether what the sums are made of has changed since; they are made anew by summarise_gathering.';
COMMENT ON COLUMN gatherings.participants IS 'Comings of people who were connected at some time.';
COMMENT ON COLUMN gatherings.joins IS 'Connections; someone whose network broke has several.';
COMMENT ON COLUMN gatherings.never_connected IS 'Those who were let in and never connected.';

CREATE TABLE meeting_feedback (
    participant_id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL,
    rating integer NOT NULL,
    comment text,
    given_at timestamptz NOT NULL,
    CONSTRAINT meeting_feedback_of_participant FOREIGN KEY (meeting_id, participant_id)
        REFERENCES participants (meeting_id, id) ON DELETE CASCADE,
    CONSTRAINT meeting_feedback_one_to_five CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT meeting_feedback_comment_bounded CHECK (octet_length(comment) BETWEEN 1 AND 4000)
);

CREATE INDEX meeting_feedback_of_meeting ON meeting_feedback (meeting_id, given_at DESC);

COMMENT ON TABLE meeting_feedback IS 'What people thought of the call; each one''s last word.';

-- The figures of a meeting between two moments, from what they are made of. Reported times are whole seconds, so that a
-- connection may seem to begin before the gathering did.
CREATE FUNCTION gathering_figures(meeting uuid, since timestamptz, until timestamptz)
RETURNS TABLE (
    participants integer, peak_participants integer, joins integer, leaves integer, participant_seconds bigint,
    aborted_connections integer, never_connected integer, recordings integer, recorded_seconds bigint,
    ratings integer, rating_sum integer
)
LANGUAGE sql STABLE AS $$
    WITH came AS (
        -- The connections; for those of whom none is known, their own times.
        SELECT participant_id, connected_at, left_at FROM participant_sessions
        WHERE meeting_id = $1 AND connected_at <= $3
            AND (connected_at >= date_trunc('second', $2) OR coalesce(left_at, $3) > $2)
        UNION ALL
        SELECT id, connected_at, left_at FROM participants AS person
        WHERE meeting_id = $1 AND connected_at <= $3
            AND (connected_at >= date_trunc('second', $2) OR coalesce(left_at, $3) > $2)
            AND NOT EXISTS (
                SELECT FROM participant_sessions AS session
                WHERE session.meeting_id = $1 AND session.participant_id = person.id
            )
    ), stays AS (
        -- Someone who is connected twice at once is there once.
        SELECT participant_id, lower(stay) AS begins, upper(stay) AS ends
        FROM (
            SELECT participant_id, range_agg(tstzrange(
                greatest(connected_at, $2),
                greatest(connected_at, $2, least(coalesce(left_at, $3), $3)), '[]')) AS stays
            FROM came GROUP BY participant_id
        ) AS of_person, unnest(stays) AS stay
    ), present AS (
        SELECT sum(step) OVER (ORDER BY at, step DESC) AS people
        FROM (SELECT begins AS at, 1 AS step FROM stays UNION ALL SELECT ends, -1 FROM stays) AS steps
    ), recorded AS (
        SELECT count(*) AS recordings, sum(coalesce(
            duration_milliseconds / 1000.0, extract(epoch FROM coalesce(ended_at, $3) - started_at))) AS seconds
        FROM recordings WHERE meeting_id = $1 AND started_at BETWEEN date_trunc('second', $2) AND $3
    ), rated AS (
        SELECT count(*) AS ratings, sum(rating) AS rating_sum
        FROM meeting_feedback AS feedback JOIN participants AS person ON person.id = feedback.participant_id
        WHERE feedback.meeting_id = $1
            AND coalesce(person.connected_at, person.admitted_at) BETWEEN date_trunc('second', $2) AND $3
    )
    SELECT (SELECT count(DISTINCT participant_id) FROM stays)::integer,
        (SELECT coalesce(max(people), 0) FROM present)::integer,
        (SELECT count(*) FROM came WHERE connected_at >= date_trunc('second', $2))::integer,
        (SELECT count(left_at) FROM came)::integer,
        (SELECT coalesce(sum(extract(epoch FROM ends - begins)), 0) FROM stays)::bigint,
        (
            SELECT count(*) FROM participant_sessions
            WHERE meeting_id = $1 AND connected_at IS NULL
                AND coalesce(left_at, recorded_at) BETWEEN date_trunc('second', $2) AND $3
        )::integer,
        (
            SELECT count(*) FROM participants
            WHERE meeting_id = $1 AND connected_at IS NULL AND left_at IS NOT NULL AND admitted_at BETWEEN $2 AND $3
        )::integer,
        recorded.recordings::integer, greatest(coalesce(recorded.seconds, 0), 0)::bigint,
        rated.ratings::integer, coalesce(rated.rating_sum, 0)::integer
    FROM recorded, rated
$$;

-- VOLATILE, so that what is summed up is read after the row was locked: whoever changes something that the sums are made of
-- waits for the row then, and marks it again. Recordings that were deleted since stay in the sums.
CREATE FUNCTION summarise_gathering(gathering uuid) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM FROM gatherings WHERE id = gathering FOR NO KEY UPDATE;
    UPDATE gatherings
    SET is_stale = false, participants = figures.participants, peak_participants = figures.peak_participants,
        joins = figures.joins, leaves = figures.leaves, participant_seconds = figures.participant_seconds,
        aborted_connections = figures.aborted_connections, never_connected = figures.never_connected,
        recordings = greatest(gatherings.recordings, figures.recordings),
        recorded_seconds = greatest(gatherings.recorded_seconds, figures.recorded_seconds),
        ratings = figures.ratings, rating_sum = figures.rating_sum
    FROM gatherings AS known, LATERAL gathering_figures(known.meeting_id, known.started_at, known.ended_at) AS figures
    WHERE known.id = gathering AND gatherings.id = known.id;
END
$$;

CREATE FUNCTION mark_gatherings_stale(meeting uuid, since timestamptz, until timestamptz) RETURNS void
LANGUAGE sql VOLATILE AS $$
    UPDATE gatherings SET is_stale = true
    WHERE meeting_id = $1 AND started_at <= $3 + interval '1 second' AND ended_at >= $2 - interval '1 second'
$$;

-- Triggers, so that whatever ends a meeting or changes what the sums are made of, in this version of the program or
-- another, can't forget it.

-- A gathering never begins before the last one ended: someone whose connection outlasted that one brings the meeting to
-- life again with the time of their coming.
CREATE FUNCTION record_gathering() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    finish timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        finish := now();
    ELSE
        finish := coalesce(NEW.ended_at, NEW.updated_at);
    END IF;
    IF OLD.state = 'live' THEN
        INSERT INTO gatherings AS known (meeting_id, owner_id, started_at, ended_at)
        SELECT OLD.id, OLD.owner_id, begin.at, greatest(begin.at, finish)
        FROM (
            SELECT coalesce(max(ended_at), OLD.started_at) AS at FROM gatherings
            WHERE meeting_id = OLD.id AND started_at <= OLD.started_at AND ended_at > OLD.started_at
        ) AS begin
        ON CONFLICT (meeting_id, started_at) DO UPDATE
            SET ended_at = greatest(known.ended_at, excluded.ended_at), is_stale = true;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE gatherings SET ended_at = greatest(started_at, finish), is_stale = true
        WHERE meeting_id = OLD.id AND ended_at = OLD.ended_at;
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM summarise_gathering(id) FROM gatherings WHERE meeting_id = OLD.id AND is_stale;
        RETURN OLD;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER meetings_end_gatherings AFTER UPDATE OF state, ended_at ON meetings
    FOR EACH ROW WHEN (
        (OLD.state = 'live' AND NEW.state <> 'live')
        OR (OLD.state = 'ended' AND NEW.state = 'ended' AND OLD.ended_at <> NEW.ended_at)
    ) EXECUTE FUNCTION record_gathering();
CREATE TRIGGER meetings_keep_sums BEFORE DELETE ON meetings
    FOR EACH ROW EXECUTE FUNCTION record_gathering();

CREATE FUNCTION mark_gatherings_of_session() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_gatherings_stale(
        NEW.meeting_id, coalesce(NEW.connected_at, NEW.left_at, NEW.recorded_at), coalesce(NEW.left_at, 'infinity'));
    RETURN NULL;
END
$$;

CREATE TRIGGER participant_sessions_mark_gatherings AFTER INSERT OR UPDATE ON participant_sessions
    FOR EACH ROW EXECUTE FUNCTION mark_gatherings_of_session();

CREATE FUNCTION mark_gatherings_of_recording() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_gatherings_stale(NEW.meeting_id, NEW.started_at, NEW.started_at);
    RETURN NULL;
END
$$;

CREATE TRIGGER recordings_mark_gatherings AFTER UPDATE ON recordings
    FOR EACH ROW WHEN (
        (OLD.started_at, OLD.ended_at, OLD.duration_milliseconds)
            IS DISTINCT FROM (NEW.started_at, NEW.ended_at, NEW.duration_milliseconds)
    ) EXECUTE FUNCTION mark_gatherings_of_recording();

CREATE FUNCTION mark_gatherings_of_feedback() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM mark_gatherings_stale(
        NEW.meeting_id, coalesce(connected_at, admitted_at), coalesce(connected_at, admitted_at))
    FROM participants WHERE id = NEW.participant_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER meeting_feedback_mark_gatherings AFTER INSERT OR UPDATE ON meeting_feedback
    FOR EACH ROW EXECUTE FUNCTION mark_gatherings_of_feedback();

-- What has been so far. Of links that are used again only the lives of their rooms are known. All are stale, so that the
-- running program sums them up.
INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at)
SELECT id, owner_id, started_at, ended_at FROM meetings WHERE state = 'ended' AND started_at IS NOT NULL
UNION ALL
SELECT meeting.id, meeting.owner_id, min(session.connected_at), max(room.finished_at)
FROM meetings AS meeting
JOIN media_rooms AS room ON room.meeting_id = meeting.id
JOIN participant_sessions AS session ON session.room_sid = room.sid
WHERE meeting.state <> 'ended' AND room.finished_at >= session.connected_at
    AND (meeting.started_at IS NULL OR room.finished_at <= meeting.started_at)
GROUP BY meeting.id, room.sid
ON CONFLICT DO NOTHING;
