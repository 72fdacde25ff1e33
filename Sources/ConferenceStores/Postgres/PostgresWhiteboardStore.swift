import Conference
import FoundationEssentials
import Postgres

/// Boards in PostgreSQL: `whiteboards`, `whiteboard_elements`, `whiteboard_states`, `whiteboard_pictures`.
public struct PostgresWhiteboardStore: WhiteboardStoring {
    let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    static let columns = """
        id, meeting_id, title, created_at, closed_at, revision, element_count, element_bytes, picture_count, picture_bytes
        """

    public func insert(_ board: Whiteboard) async throws {
        // Boards of one meeting are added one after the other, so that the count is right.
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended('whiteboards ' || $1::uuid, 0))"
        let insert = """
            INSERT INTO whiteboards (id, meeting_id, title, created_at)
            SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM whiteboards WHERE meeting_id = $2) < $5
            """
        try await StoreError.mapped {
            let results = try await postgres.pipeline([
                PostgresStatement(lock, [board.meetingID.uuid]),
                PostgresStatement(
                    insert,
                    [board.id.uuid, board.meetingID.uuid, board.title, board.createdAt, Limits.whiteboards]),
            ])
            guard try results[1].get().affectedRows > 0 else { throw ConferenceError.conflict(.tooManyWhiteboards) }
        }
    }

    public func boards(of meeting: MeetingID) async throws -> [Whiteboard] {
        let sql = "SELECT \(Self.columns) FROM whiteboards WHERE meeting_id = $1 ORDER BY id"
        return try await StoreError.mapped { try await postgres.query(sql, [meeting.uuid]).map(Self.board) }
    }

    public func board(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Whiteboard? {
        let sql = "SELECT \(Self.columns) FROM whiteboards WHERE id = $1 AND meeting_id = $2"
        return try await StoreError.mapped {
            try await postgres.query(sql, [id.uuid, meeting.uuid]).first.map(Self.board)
        }
    }

    public func change(
        _ id: WhiteboardID, in meeting: MeetingID, _ change: WhiteboardChange, at moment: Date
    ) async throws -> Whiteboard? {
        let sql = """
            UPDATE whiteboards
            SET title = coalesce($3, title),
                closed_at = CASE $4::boolean
                    WHEN true THEN coalesce(closed_at, greatest($5, created_at)) WHEN false THEN NULL ELSE closed_at
                END
            WHERE id = $1 AND meeting_id = $2
            RETURNING \(Self.columns)
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [id.uuid, meeting.uuid, change.title, change.closed, moment]).first
                .map(Self.board)
        }
    }

    public func delete(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Bool {
        let sql = "DELETE FROM whiteboards WHERE id = $1 AND meeting_id = $2"
        return try await StoreError.mapped { try await postgres.execute(sql, [id.uuid, meeting.uuid]) > 0 }
    }

    /// Reads `columns`, in their order.
    private static func board(_ row: PostgresRow) throws -> Whiteboard {
        var reader = RowReader(row)
        return try Whiteboard(
            id: WhiteboardID(reader.next()), meetingID: MeetingID(reader.next()), title: reader.next(),
            createdAt: reader.next(), closedAt: reader.next(), revision: reader.next(), elementCount: reader.next(),
            elementBytes: reader.next(), pictureCount: reader.next(), pictureBytes: reader.next())
    }
}
