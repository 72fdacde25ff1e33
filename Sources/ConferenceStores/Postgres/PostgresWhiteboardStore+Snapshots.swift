import Conference
import FoundationEssentials
import Postgres

extension PostgresWhiteboardStore {
    private static let snapshotColumns = "number, revision, element_count, saved_at"

    public func saveSnapshot(
        of id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date
    ) async throws -> WhiteboardSnapshot {
        // Holding the board's row keeps the numbers apart and the elements still. What follows in the pipeline runs
        // whatever this finds, so it names the meeting itself.
        let hold = "SELECT 1 FROM whiteboards WHERE id = $1 AND meeting_id = $2 FOR NO KEY UPDATE"
        let save = """
            INSERT INTO whiteboard_states (whiteboard_id, number, elements, revision, element_count, saved_by, saved_at)
            SELECT id, saved.last + 1, coalesce(there.elements, '[]'), revision, there.count, $2, $3
            FROM whiteboards,
                (SELECT coalesce(max(number), 0) AS last, count(*) AS count
                    FROM whiteboard_states WHERE whiteboard_id = $1) AS saved,
                (SELECT count(*) AS count,
                    json_agg(content ORDER BY element_index COLLATE "C" NULLS LAST, element_id COLLATE "C") AS elements
                    FROM whiteboard_elements WHERE whiteboard_id = $1 AND NOT deleted) AS there
            WHERE id = $1 AND meeting_id = $5 AND saved.count < $4
            RETURNING \(Self.snapshotColumns)
            """
        return try await StoreError.mapped {
            let results = try await postgres.pipeline([
                PostgresStatement(hold, [id.uuid, meeting.uuid]),
                PostgresStatement(save, [id.uuid, author, moment, Limits.whiteboardSnapshots, meeting.uuid]),
            ])
            guard try !results[0].get().rows.isEmpty else { throw ConferenceError.notFound(.whiteboard) }
            guard let row = try results[1].get().rows.first else { throw ConferenceError.conflict(.tooManySnapshots) }
            return try Self.snapshot(row)
        }
    }

    public func snapshots(of id: WhiteboardID) async throws -> [WhiteboardSnapshot] {
        let sql = "SELECT \(Self.snapshotColumns) FROM whiteboard_states WHERE whiteboard_id = $1 ORDER BY number DESC"
        return try await StoreError.mapped { try await postgres.query(sql, [id.uuid]).map(Self.snapshot) }
    }

    public func snapshot(
        _ number: Int, of id: WhiteboardID
    ) async throws -> (WhiteboardSnapshot, [WhiteboardElement])? {
        // What decides is read from a text without \u0000, which ->> refuses anywhere in an element; none of it has any.
        let sql = """
            SELECT \(Self.snapshotColumns), plain ->> 'id', (plain ->> 'version')::numeric::integer,
                (plain ->> 'versionNonce')::numeric::bigint, plain ->> 'index', false, element
            FROM whiteboard_states
            LEFT JOIN LATERAL json_array_elements(elements) WITH ORDINALITY AS saved (element, place) ON true
            LEFT JOIN LATERAL (SELECT replace(element::text, '\\u0000', '\\u0020')::json) AS read (plain) ON true
            WHERE whiteboard_id = $1 AND number = $2
            ORDER BY place
            """
        return try await StoreError.mapped {
            let rows = try await postgres.query(sql, [id.uuid, number])
            guard let first = rows.first else { return nil }
            return (try Self.snapshot(first), try rows.compactMap { try Self.element($0, from: 4) })
        }
    }

    public func deleteSnapshot(_ number: Int, of id: WhiteboardID) async throws -> Bool {
        let sql = "DELETE FROM whiteboard_states WHERE whiteboard_id = $1 AND number = $2"
        return try await StoreError.mapped { try await postgres.execute(sql, [id.uuid, number]) > 0 }
    }

    /// Reads `snapshotColumns`, in their order.
    private static func snapshot(_ row: PostgresRow) throws -> WhiteboardSnapshot {
        var reader = RowReader(row)
        return try WhiteboardSnapshot(
            number: reader.next(), revision: reader.next(), elementCount: reader.next(), savedAt: reader.next())
    }

    // MARK: Pictures

    private static let pictureColumns = "file_id, content_type, size_bytes, object_key, created_at"

    public func insert(_ picture: WhiteboardPicture, on id: WhiteboardID) async throws -> Bool {
        let sql = """
            WITH added AS (
                INSERT INTO whiteboard_pictures (whiteboard_id, \(Self.pictureColumns))
                SELECT id, $2, $3, $4, $5, $6 FROM whiteboards WHERE id = $1
                ON CONFLICT (whiteboard_id, file_id) DO NOTHING
                RETURNING whiteboard_id, size_bytes
            )
            UPDATE whiteboards SET picture_count = picture_count + 1, picture_bytes = picture_bytes + added.size_bytes
            FROM added WHERE id = added.whiteboard_id
            """
        return try await StoreError.mapped(["whiteboards_pictures_bounded": .whiteboardPicturesFull]) {
            try await postgres.execute(
                sql,
                [
                    id.uuid, picture.id, picture.format.rawValue, picture.size, picture.objectKey, picture.createdAt,
                ]) > 0
        }
    }

    public func pictures(on id: WhiteboardID) async throws -> [WhiteboardPicture] {
        let sql = """
            SELECT \(Self.pictureColumns) FROM whiteboard_pictures WHERE whiteboard_id = $1 ORDER BY created_at, file_id
            """
        return try await StoreError.mapped { try await postgres.query(sql, [id.uuid]).map(Self.picture) }
    }

    public func picture(_ fileID: String, on id: WhiteboardID) async throws -> WhiteboardPicture? {
        let sql = "SELECT \(Self.pictureColumns) FROM whiteboard_pictures WHERE whiteboard_id = $1 AND file_id = $2"
        return try await StoreError.mapped { try await postgres.query(sql, [id.uuid, fileID]).first.map(Self.picture) }
    }

    public func pictureKeys(among keys: [String]) async throws -> Set<String> {
        let sql = "SELECT object_key FROM whiteboard_pictures WHERE object_key = ANY ($1::text[])"
        return try await StoreError.mapped {
            Set(try await postgres.query(sql, [keys]).map { try $0.get(0, as: String.self) })
        }
    }

    /// Reads `pictureColumns`, in their order.
    private static func picture(_ row: PostgresRow) throws -> WhiteboardPicture {
        var reader = RowReader(row)
        return try WhiteboardPicture(
            id: reader.next(), format: reader.nextCase(), size: reader.next(), objectKey: reader.next(),
            createdAt: reader.next())
    }
}
