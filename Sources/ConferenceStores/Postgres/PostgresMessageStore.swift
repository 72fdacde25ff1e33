import Conference
import FoundationEssentials
import Postgres

/// Chat in PostgreSQL: the table `messages`. The sender's name is that of the participant.
public struct PostgresMessageStore: MessageStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    private static let select = """
        SELECT messages.id, messages.meeting_id, participant_id, display_name, messages.role, body, sent_at
        FROM messages JOIN participants ON participants.id = participant_id
        """

    public func insert(_ message: Message) async throws {
        let sql = """
            INSERT INTO messages (id, meeting_id, participant_id, role, body, sent_at) VALUES ($1, $2, $3, $4, $5, $6)
            """
        _ = try await StoreError.mapped(["messages_pkey": .duplicate]) {
            try await postgres.execute(
                sql,
                [
                    message.id.uuid, message.meetingID.uuid, message.participantID.uuid, message.role.rawValue,
                    message.text, message.sentAt,
                ])
        }
    }

    public func messages(
        in meeting: MeetingID, since: Date?, before: MessageID?, limit: Int
    ) async throws -> [Message] {
        let sql = """
            \(Self.select)
            WHERE messages.meeting_id = $1 AND messages.id < $2 AND ($3::timestamptz IS NULL OR sent_at >= $3)
            ORDER BY messages.id DESC LIMIT $4
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, before?.uuid ?? .highest, since, limit]).map(Self.message)
        }
    }

    public func message(_ id: MessageID, in meeting: MeetingID) async throws -> Message? {
        let sql = "\(Self.select) WHERE messages.id = $1 AND messages.meeting_id = $2"
        return try await StoreError.mapped {
            try await postgres.query(sql, [id.uuid, meeting.uuid]).first.map(Self.message)
        }
    }

    public func delete(_ id: MessageID, in meeting: MeetingID) async throws -> Bool {
        try await StoreError.mapped {
            try await postgres.execute(
                "DELETE FROM messages WHERE id = $1 AND meeting_id = $2", [id.uuid, meeting.uuid]) > 0
        }
    }

    private static func message(_ row: PostgresRow) throws -> Message {
        var reader = RowReader(row)
        return try Message(
            id: MessageID(reader.next()), meetingID: MeetingID(reader.next()),
            participantID: ParticipantID(reader.next()), displayName: DisplayName(stored: reader.next()),
            role: reader.nextCase(), text: reader.next(), sentAt: reader.next())
    }
}
