import Conference
import FoundationEssentials
import Postgres

/// Letting people in begins with the meeting's row, held alone until the end of the transaction as a join of a meeting with
/// a limit holds it. What is read after that is true until the end.
extension PostgresParticipantStore: LobbyStoring {
    public func participants(
        in meeting: MeetingID, waiting: Bool?, knockedAfter: Date, after: ParticipantID?, limit: Int
    ) async throws -> [Participant] {
        let condition =
            switch waiting {
            case nil: "(admitted_at IS NOT NULL OR joined_at > $4)"
            case true?: "admitted_at IS NULL AND joined_at > $4"
            // Named all the same, so that every text has the same parameters.
            case false?: "admitted_at IS NOT NULL AND $4::timestamptz IS NOT NULL"
            }
        let sql = """
            SELECT \(Self.columns) FROM participants
            WHERE meeting_id = $1 AND left_at IS NULL AND removed_at IS NULL AND id > $2 AND \(condition)
            ORDER BY id LIMIT $3
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, after?.uuid ?? .lowest, limit, knockedAfter])
                .map(Self.participant)
        }
    }

    public func admit(
        _ id: ParticipantID, in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> AdmissionOutcome {
        try await inHeldMeeting(meeting, else: .missing) { connection, held in
            guard let participant = try await Self.find(id, in: meeting, connection) else { return .missing }
            switch participant.status(at: moment) {
            case .admitted: return .already(participant)
            case .waiting where participant.joinedAt > knockedAfter: break
            default: return .notWaiting
            }
            return try await Self.seat(participant, in: held, connection, moment, seatHeldUntil)
        }
    }

    public func holdSeat(
        of id: ParticipantID, in meeting: MeetingID, at moment: Date, until: Date
    ) async throws -> AdmissionOutcome {
        try await inHeldMeeting(meeting, else: .missing) { connection, held in
            guard let participant = try await Self.find(id, in: meeting, connection) else { return .missing }
            guard participant.status(at: moment) == .admitted else { return .notWaiting }
            return try await Self.seat(participant, in: held, connection, moment, until)
        }
    }

    public func admitAll(
        in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> GroupAdmission? {
        let admit = """
            UPDATE participants SET admitted_at = greatest($2, joined_at), seat_held_until = $3
            WHERE id IN (
                SELECT id FROM participants
                WHERE meeting_id = $1 AND admitted_at IS NULL AND left_at IS NULL AND removed_at IS NULL
                    AND joined_at > $4
                ORDER BY id
                LIMIT CASE WHEN $5::bigint IS NULL THEN NULL
                    ELSE greatest($5 - meeting_seats_taken($1, $2), 0) END
            )
            RETURNING \(Self.columns)
            """
        let count = """
            SELECT count(*) FROM participants
            WHERE meeting_id = $1 AND admitted_at IS NULL AND left_at IS NULL AND removed_at IS NULL AND joined_at > $2
            """
        return try await inHeldMeeting(meeting, else: nil) { connection, held in
            guard held.state != .ended else { throw ConferenceError.meetingEnded }
            let admitted = try await connection.query(
                admit, [meeting.uuid, moment, seatHeldUntil, knockedAfter, held.settings.capacity]
            ).map(Self.participant)
            if !admitted.isEmpty { _ = try await Self.begin(held, connection, moment) }
            let left = try await connection.query(count, [meeting.uuid, knockedAfter])
            return GroupAdmission(
                admitted: admitted.sorted { $0.id < $1.id }, stillWaiting: try left.first?.get(0, as: Int.self) ?? 0)
        }
    }

    public func deny(_ id: ParticipantID, in meeting: MeetingID, at moment: Date) async throws -> DenialOutcome {
        let sql = """
            UPDATE participants SET denied_at = $3, left_at = greatest($3, joined_at)
            WHERE id = $1 AND meeting_id = $2 AND admitted_at IS NULL AND left_at IS NULL
            RETURNING \(Self.columns)
            """
        return try await StoreError.mapped {
            if let row = try await postgres.query(sql, [id.uuid, meeting.uuid, moment]).first {
                return .denied(try Self.participant(row))
            }
            guard let participant = try await self.participant(id), participant.meetingID == meeting else {
                return .missing
            }
            return participant.deniedAt == nil ? .notWaiting : .already
        }
    }

    public func endKnocks(before: Date, at moment: Date) async throws -> [Participant] {
        let sql = """
            UPDATE participants SET left_at = greatest($2, joined_at)
            WHERE admitted_at IS NULL AND left_at IS NULL AND joined_at <= $1
            RETURNING \(Self.columns)
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [before, moment]).map(Self.participant)
        }
    }

    // MARK: Inside

    func inHeldMeeting<Value: Sendable>(
        _ id: MeetingID, else missing: Value, _ body: (PostgresConnection, Meeting) async throws -> Value
    ) async throws -> Value {
        let sql = "SELECT \(Meeting.columns) FROM meetings WHERE id = $1 FOR NO KEY UPDATE"
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                try await MediaStateMerge.hold(id, connection)
                guard let row = try await connection.query(sql, [id.uuid]).first else { return missing }
                return try await body(connection, try Meeting(row))
            }
        }
    }

    static func find(
        _ id: ParticipantID, in meeting: MeetingID, _ connection: PostgresConnection
    ) async throws -> Participant? {
        let sql = "SELECT \(columns) FROM participants WHERE id = $1 AND meeting_id = $2 FOR UPDATE"
        return try await connection.query(sql, [id.uuid, meeting.uuid]).first.map(participant)
    }

    /// Gives a seat to someone who has none, or keeps the one they have.
    private static func seat(
        _ participant: Participant, in meeting: Meeting, _ connection: PostgresConnection, _ moment: Date, _ until: Date
    ) async throws -> AdmissionOutcome {
        guard meeting.state != .ended else { return .ended }
        let sql = """
            UPDATE participants
            SET admitted_at = coalesce(admitted_at, greatest($2, joined_at)),
                seat_held_until = greatest(seat_held_until, $3)
            WHERE id = $1
                AND (seat_held_until > $2 OR connected_at IS NOT NULL OR $4::bigint IS NULL
                    OR meeting_seats_taken(meeting_id, $2) < $4)
            RETURNING \(columns)
            """
        let rows = try await connection.query(
            sql, [participant.id.uuid, moment, until, meeting.settings.capacity])
        guard let row = rows.first else { return .full }
        return .admitted(try Self.participant(row), try await begin(meeting, connection, moment))
    }

    /// Makes the meeting live if it hasn't begun.
    private static func begin(
        _ meeting: Meeting, _ connection: PostgresConnection, _ moment: Date
    ) async throws -> Meeting {
        guard meeting.state == .scheduled else { return meeting }
        let sql = """
            UPDATE meetings SET state = 'live', started_at = $2, updated_at = $2, version = version + 1 WHERE id = $1
            RETURNING \(Meeting.columns)
            """
        return try await connection.query(sql, [meeting.id.uuid, moment]).first.map { try Meeting($0) } ?? meeting
    }
}

extension UUID {
    static let lowest = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
