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

    /// - Parameter claim: goes ahead of everything; when it changes no row, nothing else is done.
    /// - Returns: nil when the claim changed nothing.
    func apply(_ report: MediaReport, claiming claim: PostgresStatement? = nil) async throws -> MediaOutcome? {
        let beginning = try await run([claim].compactMap(\.self) + [Self.lock(meetingID), exists])
        if claim != nil, beginning.first?.affectedRows == 0 { return nil }
        guard beginning.last?.rows.isEmpty == false else { return MediaOutcome(note: "there is no such meeting") }
        var outcome = MediaOutcome()
        let alsoGone = try await merge(report, into: &outcome)
        let concerned = Set(report.facts.compactMap(\.participantID)).union(alsoGone)
        outcome.changes += try await follow(from: concerned, withoutRoom: false)
        return outcome
    }

    /// For a look at a meeting of which nothing new was found.
    func settle(hasRoom: Bool) async throws -> MediaOutcome {
        guard try await run([Self.lock(meetingID), exists])[1].rows.isEmpty == false else { return MediaOutcome() }
        try await giveUpSeats()
        return MediaOutcome(changes: try await follow(from: [], withoutRoom: !hasRoom))
    }

    /// Makes those who apply something to the same meeting, or change it together with the people in it, wait for each other:
    /// else one holds the meeting's row and the other a participant's, and both want the other one. Taken before any row. Not
    /// by the meeting's row, for which everyone who joins would wait.
    static func hold(_ meeting: MeetingID, _ connection: PostgresConnection) async throws {
        let lock = lock(meeting)
        _ = try await connection.query(lock.sql, lock.parameters)
    }

    private static func lock(_ meeting: MeetingID) -> PostgresStatement {
        PostgresStatement("SELECT pg_advisory_xact_lock(hashtextextended($1, 7880))", [meeting.description])
    }

    private var exists: PostgresStatement {
        PostgresStatement("SELECT 1 FROM meetings WHERE id = $1", [meetingID.uuid])
    }

    /// One round trip for all. Each statement sees what those before it did and what others have committed meanwhile.
    private func run(_ statements: [PostgresStatement]) async throws -> [PostgresOutcome] {
        try await connection.pipeline(statements).map { try $0.get() }
    }

    // MARK: Facts

    /// A statement, and what its outcome means.
    private struct Step {
        let statement: PostgresStatement
        var then: (PostgresOutcome, inout MediaOutcome) throws -> Void = { _, _ in }
    }

    /// Merges all facts. Returns who is gone with their room.
    private func merge(_ report: MediaReport, into outcome: inout MediaOutcome) async throws -> [ParticipantID] {
        var steps: [Step] = []
        for fact in report.facts {
            if case .roomFinished(let at) = fact {
                // What it does depends on what was known before.
                try await run(steps, &outcome)
                steps = []
                let isReported = report.source == .event
                if try await finishRoom(report.roomSID, at, isReported) { outcome.changes.append(.roomFinished) }
            }
            steps += try self.steps(of: fact, report)
        }
        var gone: [Gone] = []
        steps.append(
            Step(statement: Self.closeSessions(ofRoom: report.roomSID)) { found, _ in
                gone = try found.rows.map(Gone.init)
            })
        try await run(steps, &outcome)
        for person in gone {
            let left = try record("participant.left", person.session, person.id, person.leftAt, isReported: false)
            _ = try await connection.query(left.sql, left.parameters)
        }
        return gone.map(\.id)
    }

    private func run(_ steps: [Step], _ outcome: inout MediaOutcome) async throws {
        for (step, found) in zip(steps, try await run(steps.map(\.statement))) { try step.then(found, &outcome) }
    }

    private func steps(of fact: MediaFact, _ report: MediaReport) throws -> [Step] {
        let isReported = report.source == .event
        switch fact {
        case .roomExists(let createdAt):
            let room = Step(statement: mergeRoom(report.roomSID, createdAt, isSeen: !isReported)) { found, outcome in
                if try found.rows.first?.get(0, as: Bool.self) == true { outcome.changes.append(.roomOpened) }
            }
            guard let createdAt else { return [room] }
            return [
                room, Step(statement: try record("room.started", report.roomSID, nil, createdAt, isReported: true)),
            ]
        case .roomFinished(let at):
            return [Step(statement: try record("room.finished", report.roomSID, nil, at, isReported: isReported))]
        case .connected(let id, let sid, let at):
            return [
                mergeSession(sid, id, report.roomSID, connectedAt: at, isSeen: !isReported),
                Step(statement: try record("participant.joined", sid, id, at, isReported: true)),
            ]
        case .left(let id, let sid, let joinedAt, let at, let reason):
            var steps = [mergeSession(sid, id, report.roomSID, connectedAt: joinedAt)]
            if let joinedAt {
                steps.append(Step(statement: try record("participant.joined", sid, id, joinedAt, isReported: true)))
            }
            return steps
                + [
                    Step(statement: closeSession(sid, id, at, reason, isReported)),
                    Step(
                        statement: try record(
                            "participant.left", sid, id, at, isReported: isReported,
                            reason.map { ["reason": $0] } ?? [:])),
                ]
        case .aborted(let id, let sid, let at, let reason):
            let aborted = MediaOutcome.Change.connectionAborted(identity: id.description)
            return [
                mergeSession(sid, id, report.roomSID, connectedAt: nil, change: aborted),
                Step(statement: closeSession(sid, id, at, reason, isReported)),
                Step(
                    statement: try record(
                        "participant.connection_aborted", sid, id, at, isReported: isReported,
                        reason.map { ["reason": $0] } ?? [:])),
            ]
        case .published(let id, let track, let at):
            return [try recordTrack("track.published", track, id, at, isReported, .trackPublished(sid: track.sid))]
        case .unpublished(let id, let track, let at):
            return [try recordTrack("track.unpublished", track, id, at, isReported, .trackUnpublished(sid: track.sid))]
        }
    }

    /// Gives whether the room was not known before. What is seen with our own eyes takes back an end that was not reported.
    private func mergeRoom(_ sid: String, _ createdAt: Date?, isSeen: Bool) -> PostgresStatement {
        let sql = """
            INSERT INTO media_rooms AS room (sid, meeting_id, created_at, recorded_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (sid) DO UPDATE
                SET created_at = coalesce(room.created_at, excluded.created_at),
                    finished_at = CASE WHEN room.finish_reported OR NOT $5 THEN room.finished_at END
            RETURNING old.sid IS NULL
            """
        return PostgresStatement(sql, [sid, meetingID.uuid, createdAt, moment, isSeen])
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

    /// Does nothing but leave a note when the participant is unknown.
    private func mergeSession(
        _ sid: String, _ id: ParticipantID, _ roomSID: String, connectedAt: Date?, isSeen: Bool = false,
        change: MediaOutcome.Change? = nil
    ) -> Step {
        let sql = """
            INSERT INTO participant_sessions AS session (
                sid, meeting_id, participant_id, room_sid, connected_at, recorded_at)
            SELECT $1, meeting_id, id, $4, $5, $6 FROM participants WHERE meeting_id = $2 AND id = $3
            ON CONFLICT (sid) DO UPDATE
                SET connected_at = least(session.connected_at, excluded.connected_at),
                    left_at = CASE WHEN session.leave_reported OR NOT $7 THEN session.left_at END
            """
        let parameters: [(any PostgresEncodable)?] = [
            sid, meetingID.uuid, id.uuid, roomSID, connectedAt, moment, isSeen,
        ]
        return Step(statement: PostgresStatement(sql, parameters)) { found, outcome in
            if found.affectedRows == 0 {
                outcome.note = "there is no such participant in the meeting"
            } else if let change {
                outcome.changes.append(change)
            }
        }
    }

    /// A time that was found out by looking lies behind the true one, so it never passes an end that is known otherwise.
    private func closeSession(
        _ sid: String, _ id: ParticipantID, _ at: Date, _ reason: String?, _ isReported: Bool
    ) -> PostgresStatement {
        let sql = """
            UPDATE participant_sessions AS session
            SET left_at = CASE
                    WHEN NOT $3 THEN least(session.left_at, $2, participant.left_at, meeting.ended_at)
                    WHEN session.leave_reported THEN least(session.left_at, $2)
                    ELSE $2
                END,
                leave_reported = session.leave_reported OR $3, leave_reason = coalesce($4, session.leave_reason)
            FROM participants AS participant, meetings AS meeting
            WHERE session.sid = $1 AND session.meeting_id = $5 AND session.participant_id = $6
                AND participant.id = $6 AND participant.meeting_id = $5 AND meeting.id = $5
                AND ($3 OR session.left_at IS NULL)
            """
        return PostgresStatement(sql, [sid, at, isReported, reason, meetingID.uuid, id.uuid])
    }

    /// Who is in a room that has finished has left it, even if their leaving was not reported.
    private static func closeSessions(ofRoom sid: String) -> PostgresStatement {
        let sql = """
            UPDATE participant_sessions AS session SET left_at = room.finished_at
            FROM media_rooms AS room
            WHERE session.room_sid = $1 AND room.sid = $1 AND NOT session.leave_reported
                AND (session.left_at IS NULL OR session.left_at > room.finished_at)
                AND room.finished_at IS NOT NULL
            RETURNING session.sid, session.participant_id, session.left_at
            """
        return PostgresStatement(sql, [sid])
    }

    private struct Gone {
        let session: String
        let id: ParticipantID
        let leftAt: Date

        init(_ row: PostgresRow) throws {
            var reader = RowReader(row)
            session = try reader.next()
            id = ParticipantID(try reader.next())
            leftAt = try reader.next()
        }
    }

    // MARK: What follows

    /// Sets when people connected and left, then begins or ends the gathering if that is what the room says.
    private func follow(from people: Set<ParticipantID>, withoutRoom: Bool) async throws -> [MediaOutcome.Change] {
        let parameters: [(any PostgresEncodable)?] = [meetingID.uuid, withoutRoom ? moment : nil]
        let isOver = PostgresStatement("SELECT 1 FROM (\(Self.over)) AS over", parameters)
        let found = try await run([refresh(people), begin, isOver])
        let changes = try found[0].rows.compactMap(Self.change)
        if found[1].affectedRows > 0 { return changes + [.meetingStarted] }
        if found[2].rows.isEmpty { return changes }
        // From here on nobody joins; whoever did meanwhile is seen by the next statement.
        _ = try await connection.query("SELECT 1 FROM meetings WHERE id = $1 FOR NO KEY UPDATE", [meetingID.uuid])
        return try await changes + finish(parameters)
    }

    /// Sets when people connected and left, from all of their connections.
    private func refresh(_ ids: Set<ParticipantID>) -> PostgresStatement {
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
        return PostgresStatement(sql, [meetingID.uuid, ids.map(\.uuid)])
    }

    /// What a row of ``refresh(_:)`` means.
    private static func change(_ row: PostgresRow) throws -> MediaOutcome.Change? {
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

    /// Gives up the seats of those who were let in and never came.
    private func giveUpSeats() async throws {
        let sql = """
            UPDATE participants SET left_at = greatest(seat_held_until, joined_at)
            WHERE meeting_id = $1 AND left_at IS NULL AND connected_at IS NULL AND seat_held_until <= $2
            """
        _ = try await connection.execute(sql, [meetingID.uuid, moment])
    }

    /// Begins the gathering when someone is there.
    private var begin: PostgresStatement {
        let sql = """
            UPDATE meetings SET state = 'live', started_at = came.connected_at, updated_at = $2, version = version + 1
            FROM (
                SELECT min(connected_at) AS connected_at FROM participants
                WHERE meeting_id = $1 AND connected_at IS NOT NULL AND left_at IS NULL
            ) AS came
            WHERE meetings.id = $1 AND meetings.state = 'scheduled' AND came.connected_at IS NOT NULL
            """
        return PostgresStatement(sql, [meetingID.uuid, moment])
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

    /// - Parameter change: when it was not known before.
    private func recordTrack(
        _ kind: String, _ track: MediaTrack, _ id: ParticipantID, _ at: Date, _ isReported: Bool,
        _ change: MediaOutcome.Change
    ) throws -> Step {
        var details = ["track": track.sid, "kind": track.kind.rawValue]
        details["source"] = track.source?.rawValue
        let statement = try record(kind, track.sid, id, at, isReported: isReported, details)
        return Step(statement: statement) { found, outcome in
            if try found.rows.first?.get(0, as: Bool.self) == true { outcome.changes.append(change) }
        }
    }

    /// Keeps one row for each thing that happened, whichever way we learn of it; a reported time replaces one that was found
    /// out by looking. Nothing of people who are not in the meeting. Gives whether it was not known before.
    private func record(
        _ kind: String, _ sid: String, _ participant: ParticipantID?, _ at: Date, isReported: Bool,
        _ details: [String: String] = [:]
    ) throws -> PostgresStatement {
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
        return PostgresStatement(
            sql,
            [
                DerivedID.make(kind, sid), meetingID.uuid, participant?.uuid, kind, at,
                try PostgresJSON(encoding: details),
            ])
    }
}
