import Conference
import FoundationEssentials
import Postgres

/// Merges facts about one meeting's room into the database, inside of a transaction.
struct MediaStateMerge {
    let connection: PostgresConnection
    let meetingID: MeetingID
    /// Now, by our own clock.
    let moment: Date

    init(_ connection: PostgresConnection, _ meetingID: MeetingID, _ moment: Date) {
        self.connection = connection
        self.meetingID = meetingID
        self.moment = moment
    }

    func apply(_ report: MediaReport) async throws -> MediaOutcome {
        guard try await hold() else { return MediaOutcome(note: "there is no such meeting") }
        var outcome = MediaOutcome()
        for fact in report.facts { try await merge(fact, report, into: &outcome) }
        let alsoGone = try await closeSessions(ofRoom: report.roomSID)
        outcome.changes += try await refresh(Set(report.facts.compactMap(\.participantID)).union(alsoGone))
        outcome.changes += try await settle(withoutRoom: false)
        return outcome
    }

    /// For a look at a meeting of which nothing new was found.
    func settle(hasRoom: Bool) async throws -> MediaOutcome {
        guard try await hold() else { return MediaOutcome() }
        try await giveUpSeats()
        return MediaOutcome(changes: try await settle(withoutRoom: !hasRoom))
    }

    /// Makes those who apply something to the same meeting, or change it together with the people in it, wait for each other:
    /// else one holds the meeting's row and the other a participant's, and both want the other one. Taken before any row. Not
    /// by the meeting's row, for which everyone who joins would wait.
    static func hold(_ meeting: MeetingID, _ connection: PostgresConnection) async throws {
        _ = try await connection.query(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 7880))", [meeting.description])
    }

    private func hold() async throws -> Bool {
        try await Self.hold(meetingID, connection)
        return try await !connection.query("SELECT 1 FROM meetings WHERE id = $1", [meetingID.uuid]).isEmpty
    }

    // MARK: Facts

    private func merge(_ fact: MediaFact, _ report: MediaReport, into outcome: inout MediaOutcome) async throws {
        let isReported = report.source == .event
        switch fact {
        case .roomExists(let createdAt):
            if try await mergeRoom(report.roomSID, createdAt, isSeen: !isReported) {
                outcome.changes.append(.roomOpened)
            }
            if let createdAt { try await record("room.started", report.roomSID, nil, createdAt, isReported: true) }
        case .roomFinished(let at):
            if try await finishRoom(report.roomSID, at, isReported) { outcome.changes.append(.roomFinished) }
            try await record("room.finished", report.roomSID, nil, at, isReported: isReported)
        case .connected(let id, let sid, let at):
            guard try await mergeSession(sid, id, report.roomSID, connectedAt: at, isSeen: !isReported) else {
                return note(&outcome)
            }
            try await record("participant.joined", sid, id, at, isReported: true)
        case .left(let id, let sid, let joinedAt, let at, let reason):
            guard try await mergeSession(sid, id, report.roomSID, connectedAt: joinedAt) else { return note(&outcome) }
            if let joinedAt { try await record("participant.joined", sid, id, joinedAt, isReported: true) }
            try await closeSession(sid, at, reason, isReported)
            try await record(
                "participant.left", sid, id, at, isReported: isReported, reason.map { ["reason": $0] } ?? [:])
        case .aborted(let id, let sid, let at, let reason):
            guard try await mergeSession(sid, id, report.roomSID, connectedAt: nil) else { return note(&outcome) }
            try await closeSession(sid, at, reason, isReported)
            try await record(
                "participant.connection_aborted", sid, id, at, isReported: isReported,
                reason.map { ["reason": $0] } ?? [:])
            outcome.changes.append(.connectionAborted(identity: id.description))
        case .published(let id, let track, let at):
            if try await recordTrack("track.published", track, id, at, isReported) {
                outcome.changes.append(.trackPublished(sid: track.sid))
            }
        case .unpublished(let id, let track, let at):
            if try await recordTrack("track.unpublished", track, id, at, isReported) {
                outcome.changes.append(.trackUnpublished(sid: track.sid))
            }
        }
    }

    private func note(_ outcome: inout MediaOutcome) { outcome.note = "there is no such participant in the meeting" }

    /// Whether the room was not known before. What is seen with our own eyes takes back an end that was not reported.
    private func mergeRoom(_ sid: String, _ createdAt: Date?, isSeen: Bool) async throws -> Bool {
        let sql = """
            INSERT INTO media_rooms AS room (sid, meeting_id, created_at, recorded_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (sid) DO UPDATE
                SET created_at = coalesce(room.created_at, excluded.created_at),
                    finished_at = CASE WHEN room.finish_reported OR NOT $5 THEN room.finished_at END
            RETURNING old.sid IS NULL
            """
        let rows = try await connection.query(sql, [sid, meetingID.uuid, createdAt, moment, isSeen])
        return try rows.first?.get(0, as: Bool.self) ?? false
    }

    /// Whether the room was open before.
    private func finishRoom(_ sid: String, _ at: Date, _ isReported: Bool) async throws -> Bool {
        let sql = """
            UPDATE media_rooms
            SET finished_at = CASE WHEN $3 AND NOT finish_reported THEN $2 ELSE least(finished_at, $2) END,
                finish_reported = finish_reported OR $3
            WHERE sid = $1 AND ($3 OR finished_at IS NULL)
            RETURNING old.finished_at, new.finished_at
            """
        guard let row = try await connection.query(sql, [sid, at, isReported]).first else { return false }
        guard let before = try row.get(0, as: Date?.self) else { return true }
        // A meeting that ended with its room, at a moment that was found out by looking, has ended when it is reported.
        let correct = """
            UPDATE meetings SET ended_at = greatest($3, started_at), version = version + 1
            WHERE id = $1 AND ended_at = greatest($2::timestamptz, started_at) AND $2 <> $3::timestamptz
            """
        _ = try await connection.execute(correct, [meetingID.uuid, before, row.get(1, as: Date.self)])
        return false
    }

    /// False when the participant is unknown.
    private func mergeSession(
        _ sid: String, _ id: ParticipantID, _ roomSID: String, connectedAt: Date?, isSeen: Bool = false
    ) async throws -> Bool {
        let sql = """
            INSERT INTO participant_sessions AS session (
                sid, meeting_id, participant_id, room_sid, connected_at, recorded_at)
            SELECT $1, meeting_id, id, $4, $5, $6 FROM participants WHERE meeting_id = $2 AND id = $3
            ON CONFLICT (sid) DO UPDATE
                SET connected_at = least(session.connected_at, excluded.connected_at),
                    left_at = CASE WHEN session.leave_reported OR NOT $7 THEN session.left_at END
            """
        return try await connection.execute(
            sql, [sid, meetingID.uuid, id.uuid, roomSID, connectedAt, moment, isSeen]) > 0
    }

    /// A time that was found out by looking lies behind the true one, so it never passes an end that is known otherwise.
    private func closeSession(_ sid: String, _ at: Date, _ reason: String?, _ isReported: Bool) async throws {
        let sql = """
            UPDATE participant_sessions AS session
            SET left_at = CASE
                    WHEN NOT $3 THEN least(session.left_at, $2, participant.left_at, meeting.ended_at)
                    WHEN session.leave_reported THEN least(session.left_at, $2)
                    ELSE $2
                END,
                leave_reported = session.leave_reported OR $3, leave_reason = coalesce($4, session.leave_reason)
            FROM participants AS participant, meetings AS meeting
            WHERE session.sid = $1 AND participant.id = session.participant_id AND meeting.id = session.meeting_id
                AND ($3 OR session.left_at IS NULL)
            """
        _ = try await connection.execute(sql, [sid, at, isReported, reason])
    }

    /// Who is in a room that has finished has left it, even if their leaving was not reported.
    private func closeSessions(ofRoom sid: String) async throws -> [ParticipantID] {
        let sql = """
            UPDATE participant_sessions AS session SET left_at = room.finished_at
            FROM media_rooms AS room
            WHERE session.room_sid = $1 AND room.sid = $1 AND NOT session.leave_reported
                AND (session.left_at IS NULL OR session.left_at > room.finished_at)
                AND room.finished_at IS NOT NULL
            RETURNING session.sid, session.participant_id, session.left_at
            """
        var gone: [ParticipantID] = []
        for row in try await connection.query(sql, [sid]) {
            var reader = RowReader(row)
            let session = try reader.next(String.self)
            let id = ParticipantID(try reader.next(UUID.self))
            try await record("participant.left", session, id, try reader.next(), isReported: false)
            gone.append(id)
        }
        return gone
    }

    // MARK: What follows

    /// Sets when people connected and left, from all of their connections.
    private func refresh(_ ids: Set<ParticipantID>) async throws -> [MediaOutcome.Change] {
        if ids.isEmpty { return [] }
        let sql = """
            WITH known AS (
                SELECT session.participant_id, min(session.connected_at) AS connected_at,
                    bool_or(coalesce(session.left_at, meeting.ended_at) IS NULL) AS is_open,
                    max(coalesce(session.left_at, meeting.ended_at)) AS ended_at
                FROM participant_sessions AS session JOIN meetings AS meeting ON meeting.id = session.meeting_id
                WHERE session.meeting_id = $1 AND session.participant_id = ANY($2)
                GROUP BY session.participant_id
            ), target AS (
                SELECT participants.id, known.connected_at,
                    CASE WHEN NOT known.is_open THEN greatest(known.ended_at, participants.joined_at) END AS left_at
                FROM known JOIN participants ON participants.id = known.participant_id
                WHERE participants.admitted_at IS NOT NULL
            )
            UPDATE participants SET connected_at = target.connected_at, left_at = target.left_at
            FROM target
            WHERE participants.id = target.id
                AND (participants.connected_at, participants.left_at)
                    IS DISTINCT FROM (target.connected_at, target.left_at)
            RETURNING participants.id, participants.display_name, participants.connected_at, participants.left_at,
                old.connected_at IS NOT NULL AND old.left_at IS NULL
            """
        return try await connection.query(sql, [meetingID.uuid, ids.map(\.uuid)]).compactMap { row in
            var reader = RowReader(row)
            let identity = try ParticipantID(reader.next()).description
            let name = try reader.next(String.self)
            let connectedAt = try reader.next(Date?.self)
            let leftAt = try reader.next(Date?.self)
            let wasHere = try reader.next(Bool.self)
            switch (connectedAt, leftAt) {
            case (let connectedAt?, nil) where !wasHere:
                return .joined(PresentParticipant(identity: identity, displayName: name, joinedAt: connectedAt))
            case (_, let leftAt?) where wasHere: return .left(identity: identity, displayName: name, at: leftAt)
            default: return nil
            }
        }
    }

    /// Gives up the seats of those who were let in and never came.
    private func giveUpSeats() async throws {
        let sql = """
            UPDATE participants SET left_at = greatest(seat_held_until, joined_at)
            WHERE meeting_id = $1 AND left_at IS NULL AND connected_at IS NULL AND seat_held_until <= $2
            """
        _ = try await connection.execute(sql, [meetingID.uuid, moment])
    }

    /// Begins or ends the gathering if that is what the room says.
    private func settle(withoutRoom: Bool) async throws -> [MediaOutcome.Change] {
        if try await begin() { return [.meetingStarted] }
        let isOver = "SELECT 1 FROM (\(Self.over)) AS over"
        let parameters: [(any PostgresEncodable)?] = [meetingID.uuid, withoutRoom ? moment : nil]
        guard try await !connection.query(isOver, parameters).isEmpty else { return [] }
        // From here on nobody joins; whoever did meanwhile is seen by the next statement.
        _ = try await connection.query("SELECT 1 FROM meetings WHERE id = $1 FOR NO KEY UPDATE", [meetingID.uuid])
        return try await finish(parameters)
    }

    private func begin() async throws -> Bool {
        let sql = """
            UPDATE meetings SET state = 'live', started_at = came.connected_at, updated_at = $2, version = version + 1
            FROM (
                SELECT min(connected_at) AS connected_at FROM participants
                WHERE meeting_id = $1 AND connected_at IS NOT NULL AND left_at IS NULL
            ) AS came
            WHERE meetings.id = $1 AND meetings.state = 'scheduled' AND came.connected_at IS NOT NULL
            """
        return try await connection.execute(sql, [meetingID.uuid, moment]) > 0
    }

    /// The moment at which the gathering was over, in one row; no row while it isn't. All of its rooms have finished, the
    /// last one not before it began, nobody is there and no seat is held any more. With `$2` there is no room at all on the
    /// media server at that moment, whatever we have heard of.
    ///
    /// Reported moments are whole seconds.
    private static let over = """
        SELECT CASE WHEN room.finished_at >= date_trunc('second', meeting.started_at) THEN room.finished_at ELSE $2 END
            AS at
        FROM meetings AS meeting, (
            SELECT max(finished_at) AS finished_at, coalesce(bool_and(finished_at IS NOT NULL), true) AS all_finished
            FROM media_rooms WHERE meeting_id = $1
        ) AS room
        WHERE meeting.id = $1 AND meeting.state = 'live' AND room.all_finished
            AND (room.finished_at >= date_trunc('second', meeting.started_at) OR $2::timestamptz IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM participants
                WHERE meeting_id = $1 AND left_at IS NULL AND admitted_at IS NOT NULL
                    AND (connected_at IS NOT NULL OR seat_held_until > coalesce($2, room.finished_at))
            )
        """

    /// A recurring link, and one whose planned time is still to come, can be used again.
    private func finish(_ parameters: [(any PostgresEncodable)?]) async throws -> [MediaOutcome.Change] {
        let sql = """
            UPDATE meetings
            SET state = CASE WHEN comes.again THEN 'scheduled' ELSE 'ended' END,
                started_at = CASE WHEN NOT comes.again THEN started_at END,
                ended_at = CASE WHEN NOT comes.again THEN greatest(over.at, started_at) END,
                updated_at = greatest(updated_at, over.at), version = version + 1
            FROM (\(Self.over)) AS over, LATERAL (
                SELECT kind = 'recurring'
                    OR (kind = 'scheduled' AND coalesce(scheduled_end, scheduled_start) > over.at) AS again
                FROM meetings WHERE id = $1
            ) AS comes
            WHERE meetings.id = $1
            RETURNING meetings.state, over.at
            """
        guard let row = try await connection.query(sql, parameters).first else { return [] }
        var reader = RowReader(row)
        let state = try reader.nextCase(MeetingState.self)
        let at = try reader.next(Date.self)
        // Those who waited in the lobby, and those whose seat was given up.
        _ = try await connection.execute(
            "UPDATE participants SET left_at = greatest($2, joined_at) WHERE meeting_id = $1 AND left_at IS NULL",
            [meetingID.uuid, at])
        return [.meetingFinished(state, at: at)]
    }

    // MARK: Timeline

    private func recordTrack(
        _ kind: String, _ track: MediaTrack, _ id: ParticipantID, _ at: Date, _ isReported: Bool
    ) async throws -> Bool {
        var details = ["track": track.sid, "kind": track.kind.rawValue]
        details["source"] = track.source?.rawValue
        return try await record(kind, track.sid, id, at, isReported: isReported, details)
    }

    /// Keeps one row for each thing that happened, whichever way we learn of it; a reported time replaces one that was found
    /// out by looking. Whether it was not known before.
    @discardableResult
    private func record(
        _ kind: String, _ sid: String, _ participant: ParticipantID?, _ at: Date, isReported: Bool,
        _ details: [String: String] = [:]
    ) async throws -> Bool {
        let sql = """
            INSERT INTO analytics_events AS known (id, meeting_id, participant_id, kind, occurred_at, details)
            SELECT $1, $2, $3, $4, $5, $6
            WHERE $3::uuid IS NULL OR EXISTS (SELECT FROM participants WHERE meeting_id = $2 AND id = $3)
            ON CONFLICT (id) DO UPDATE SET occurred_at = excluded.occurred_at, details = excluded.details
                WHERE known.details ? 'repaired'
                    AND (NOT excluded.details ? 'repaired' OR excluded.occurred_at < known.occurred_at)
            RETURNING old.id IS NULL
            """
        var details = details
        if !isReported { details["repaired"] = "true" }
        let row = try await connection.query(
            sql,
            [
                DerivedID.make(kind, sid), meetingID.uuid, participant?.uuid, kind, at, PostgresJSON(encoding: details),
            ]
        ).first
        return try row?.get(0, as: Bool.self) ?? false
    }
}
