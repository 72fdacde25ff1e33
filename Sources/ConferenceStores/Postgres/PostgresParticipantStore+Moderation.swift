import Conference
import FoundationEssentials
import Postgres

extension PostgresParticipantStore: ModerationStoring {
    public func remove(_ id: ParticipantID, from meeting: MeetingID, at moment: Date) async throws -> Removal? {
        let mark = """
            UPDATE participants
            SET removed_at = $2, left_at = coalesce(left_at, greatest($2, joined_at)), hand_raised_at = NULL,
                cohost_since = NULL
            WHERE meeting_id = $1 AND (id = $3 OR account_id = $4) AND removed_at IS NULL
                AND (id = $3 OR left_at IS NULL)
            """
        let concerned = """
            SELECT \(Self.columns) FROM participants
            WHERE meeting_id = $1 AND (id = $2 OR account_id = $3) AND removed_at IS NOT NULL
            ORDER BY id
            """
        return try await inHeldMeeting(meeting, else: nil) { connection, held in
            guard let target = try await Self.find(id, in: meeting, connection) else { return nil }
            guard target.role != .host else { throw ConferenceError.conflict(.managesMeeting) }
            let marked = try await connection.execute(
                mark, [meeting.uuid, moment, id.uuid, target.accountID?.uuid])
            let people = try await connection.query(concerned, [meeting.uuid, id.uuid, target.accountID?.uuid])
            let changed =
                marked > 0 && target.role == .guest ? try await Self.holdGuests(held, connection, moment) : nil
            return Removal(
                participants: try people.map(Self.participant), isNew: marked > 0, changedMeeting: changed)
        }
    }

    /// Nil when they were held already, or the meeting is over.
    private static func holdGuests(
        _ meeting: Meeting, _ connection: PostgresConnection, _ moment: Date
    ) async throws -> Meeting? {
        let sql = """
            UPDATE meetings SET lobby = 'guests', updated_at = $2, version = version + 1
            WHERE id = $1 AND lobby = 'off' AND state <> 'ended'
            RETURNING \(Meeting.columns)
            """
        return try await connection.query(sql, [meeting.id.uuid, moment]).first.map { try Meeting($0) }
    }

    public func liftRemoval(of id: ParticipantID, in meeting: MeetingID) async throws -> Bool? {
        let sql = """
            UPDATE participants SET removed_at = NULL
            WHERE meeting_id = $1 AND removed_at IS NOT NULL AND (id = $2 OR account_id = $3)
            """
        return try await inHeldMeeting(meeting, else: nil) { connection, _ in
            guard let target = try await Self.find(id, in: meeting, connection) else { return nil }
            return try await connection.execute(sql, [meeting.uuid, id.uuid, target.accountID?.uuid]) > 0
        }
    }

    public func removed(from meeting: MeetingID, after: ParticipantID?, limit: Int) async throws -> [Participant] {
        let sql = """
            SELECT \(Self.columns) FROM participants
            WHERE meeting_id = $1 AND removed_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, after?.uuid ?? .lowest, limit]).map(Self.participant)
        }
    }

    public func setCohost(
        _ id: ParticipantID, in meeting: MeetingID, since: Date?
    ) async throws -> ParticipantChange? {
        let sql = """
            UPDATE participants
            SET cohost_since = CASE WHEN $3::timestamptz IS NOT NULL THEN coalesce(cohost_since, $3) END
            WHERE \(Self.isPresent)
            RETURNING \(Self.columns), old.cohost_since IS DISTINCT FROM new.cohost_since
            """
        return try await change(sql, [id.uuid, meeting.uuid, since])
    }

    public func setHand(
        _ id: ParticipantID, in meeting: MeetingID, raisedAt: Date?
    ) async throws -> ParticipantChange? {
        let sql = """
            UPDATE participants
            SET hand_raised_at = CASE WHEN $3::timestamptz IS NOT NULL THEN coalesce(hand_raised_at, $3) END
            WHERE \(Self.isPresent)
            RETURNING \(Self.columns), old.hand_raised_at IS DISTINCT FROM new.hand_raised_at
            """
        return try await change(sql, [id.uuid, meeting.uuid, raisedAt])
    }

    private static let isPresent = """
        id = $1 AND meeting_id = $2 AND admitted_at IS NOT NULL AND left_at IS NULL AND removed_at IS NULL
        """

    private func change(_ sql: String, _ parameters: [(any PostgresEncodable)?]) async throws -> ParticipantChange? {
        try await StoreError.mapped {
            try await postgres.query(sql, parameters).first.map { row in
                ParticipantChange(participant: try Self.participant(row), isNew: try row.get(14, as: Bool.self))
            }
        }
    }
}
