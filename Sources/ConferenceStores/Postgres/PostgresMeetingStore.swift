import Conference
import FoundationEssentials
import Postgres

/// Meetings in PostgreSQL: the table `meetings`.
public struct PostgresMeetingStore: MeetingStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    private static let selectByID = "SELECT \(Meeting.columns) FROM meetings WHERE id = $1"
    private static let selectByCode = "SELECT \(Meeting.columns) FROM meetings WHERE join_code = $1"

    public func insert(_ meeting: Meeting) async throws {
        let sql = """
            INSERT INTO meetings (\(Meeting.columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            """
        let settings = meeting.settings
        _ = try await StoreError.mapped(["meetings_pkey": .duplicate, "meetings_join_code_unique": .duplicate]) {
            try await postgres.execute(
                sql,
                [
                    meeting.id.uuid, meeting.joinCode.text, meeting.ownerID.uuid, meeting.title, meeting.kind.rawValue,
                    meeting.state.rawValue, meeting.scheduledStart, meeting.scheduledEnd, meeting.startedAt,
                    meeting.endedAt, settings.passcodeHash?.phc, settings.lobby.rawValue, settings.locked,
                    settings.capacity, settings.screenShare.rawValue, settings.chat.rawValue, settings.chatHistory,
                    settings.record.rawValue, settings.draw.rawValue, meeting.createdAt, meeting.updatedAt,
                    meeting.version,
                ])
        }
    }

    public func meeting(_ reference: MeetingReference) async throws -> Meeting? {
        try await StoreError.mapped {
            switch reference {
            case .id(let id): try await postgres.query(Self.selectByID, [id.uuid]).first.map { try Meeting($0) }
            case .code(let code): try await postgres.query(Self.selectByCode, [code.text]).first.map { try Meeting($0) }
            }
        }
    }

    public func meetings(_ filter: MeetingFilter, before: MeetingID?, limit: Int) async throws -> [Meeting] {
        var conditions = ["id < $1"]
        var parameters: [(any PostgresEncodable)?] = [before?.uuid ?? .highest, limit]
        if let owner = filter.owner {
            parameters.append(owner.uuid)
            conditions.append("owner_id = $\(parameters.count)")
        }
        if let state = filter.state {
            parameters.append(state.rawValue)
            conditions.append("state = $\(parameters.count)")
        }
        let sql = """
            SELECT \(Meeting.columns) FROM meetings WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id DESC LIMIT $2
            """
        return try await StoreError.mapped { [parameters] in
            try await postgres.query(sql, parameters).map { try Meeting($0) }
        }
    }

    public func update(_ meeting: Meeting) async throws -> VersionedUpdate<Meeting> {
        let sql = """
            UPDATE meetings
            SET title = $3, scheduled_start = $4, scheduled_end = $5, passcode_hash = $6, lobby = $7, locked = $8,
                capacity = $9, screen_share = $10, chat = $11, chat_history = $12, record = $13, draw = $14, updated_at = $15,
                version = version + 1
            WHERE id = $1 AND version = $2 AND state <> 'ended'
            RETURNING \(Meeting.columns)
            """
        let settings = meeting.settings
        return try await StoreError.mapped {
            let rows = try await postgres.query(
                sql,
                [
                    meeting.id.uuid, meeting.version, meeting.title, meeting.scheduledStart, meeting.scheduledEnd,
                    settings.passcodeHash?.phc, settings.lobby.rawValue, settings.locked, settings.capacity,
                    settings.screenShare.rawValue, settings.chat.rawValue, settings.chatHistory,
                    settings.record.rawValue, settings.draw.rawValue, meeting.updatedAt,
                ])
            if let row = rows.first { return .updated(try Meeting(row)) }
            return try await postgres.query(Self.selectByID, [meeting.id.uuid]).isEmpty ? .missing : .stale
        }
    }

    public func end(_ id: MeetingID, at moment: Date) async throws -> Meeting? {
        let end = """
            UPDATE meetings
            SET state = CASE kind WHEN 'recurring' THEN 'scheduled' ELSE 'ended' END,
                started_at = CASE kind WHEN 'recurring' THEN NULL ELSE started_at END,
                ended_at = CASE kind WHEN 'recurring' THEN NULL ELSE greatest($2, started_at) END,
                updated_at = $2, version = version + 1
            WHERE id = $1 AND (state = 'live' OR (state = 'scheduled' AND kind <> 'recurring'))
            """
        // A statement of its own: it must see those whose joining the first one waited for.
        let empty = """
            UPDATE participants SET left_at = greatest($2, joined_at) WHERE meeting_id = $1 AND left_at IS NULL
            """
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                try await MediaStateMerge.hold(id, connection)
                _ = try await connection.execute(end, [id.uuid, moment])
                _ = try await connection.execute(empty, [id.uuid, moment])
                return try await connection.query(Self.selectByID, [id.uuid]).first.map { try Meeting($0) }
            }
        }
    }

    public func delete(_ id: MeetingID) async throws -> Bool {
        try await StoreError.mapped(["recordings_meeting_id_fkey": .meetingHasRecordings]) {
            try await postgres.withTransaction { connection in
                try await MediaStateMerge.hold(id, connection)
                return try await connection.execute("DELETE FROM meetings WHERE id = $1", [id.uuid]) > 0
            }
        }
    }
}
