import Conference
import FoundationEssentials
import Postgres

extension PostgresWhiteboardStore {
    static let elementColumns = "element_id, version, version_nonce, element_index, deleted, content"

    public func scene(
        _ id: WhiteboardID, in meeting: MeetingID, since: Int, withDeleted: Bool
    ) async throws -> WhiteboardScene? {
        // One statement, so that the revision is that of the elements.
        let sql = """
            SELECT whiteboards.revision, \(Self.elementColumns)
            FROM whiteboards
            LEFT JOIN whiteboard_elements AS e
                ON whiteboard_id = id AND e.revision > $3 AND ($4::boolean OR NOT deleted)
            WHERE id = $1 AND meeting_id = $2
            ORDER BY element_index COLLATE "C" NULLS LAST, element_id COLLATE "C"
            """
        return try await StoreError.mapped {
            let rows = try await postgres.query(sql, [id.uuid, meeting.uuid, since, withDeleted])
            guard let first = rows.first else { return nil }
            return WhiteboardScene(
                revision: try first.get(0), elements: try rows.compactMap { try Self.element($0, from: 1) })
        }
    }

    /// Who merges holds the board's row. So revisions follow each other in the order of their commits, two batches with
    /// the same elements can't wait for each other, and the second statement sees all that came before.
    private static let hold = """
        SELECT closed_at IS NOT NULL, revision FROM whiteboards WHERE id = $1 AND meeting_id = $2 FOR NO KEY UPDATE
        """

    /// The rule is `WhiteboardElement.beats`. What is equal in version and nonce is written only if it differs, so that a
    /// batch that comes twice changes nothing. It names the meeting itself: in a pipeline it runs whatever `hold` found. The
    /// counts' constraint undoes the whole statement when the board is full.
    private static let merge = """
        WITH board AS (
            SELECT id, revision + 1 AS next FROM whiteboards
            WHERE id = $1 AND meeting_id = $10 AND closed_at IS NULL
        ), incoming AS (
            SELECT * FROM ROWS FROM (
                unnest($2::text[]), unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::text[]),
                unnest($6::bigint[]), json_array_elements($7::json)
            ) AS sent (element_id, version, version_nonce, element_index, deleted, content)
        ), merged AS (
            INSERT INTO whiteboard_elements AS there
                (whiteboard_id, \(elementColumns), revision, updated_by, updated_at)
            SELECT board.id, element_id, version, version_nonce, nullif(element_index, ''), deleted = 1, content,
                board.next, $8, $9
            FROM board, incoming
            ON CONFLICT (whiteboard_id, element_id) DO UPDATE
            SET version = excluded.version, version_nonce = excluded.version_nonce,
                element_index = excluded.element_index, deleted = excluded.deleted, content = excluded.content,
                revision = excluded.revision, updated_by = excluded.updated_by, updated_at = excluded.updated_at
            WHERE excluded.version > there.version
                OR (excluded.version = there.version AND excluded.version_nonce < there.version_nonce)
                OR (excluded.version = there.version AND excluded.version_nonce = there.version_nonce
                    AND excluded.content::text <> there.content::text)
            RETURNING new.element_id, (old.element_id IS NULL)::int AS added,
                octet_length(new.content::text) - coalesce(octet_length(old.content::text), 0) AS grown
        ), counted AS (
            UPDATE whiteboards
            SET revision = board.next, element_count = element_count + change.added,
                element_bytes = element_bytes + change.grown
            FROM board, (SELECT count(*) AS changed, sum(added) AS added, sum(grown) AS grown FROM merged) AS change
            WHERE whiteboards.id = board.id AND change.changed > 0
            RETURNING whiteboards.revision
        )
        SELECT (SELECT revision FROM counted), incoming.element_id, there.element_id, there.version,
            there.version_nonce, there.element_index, there.deleted, there.content
        FROM board CROSS JOIN incoming
        LEFT JOIN merged ON merged.element_id = incoming.element_id
        LEFT JOIN whiteboard_elements AS there
            ON there.whiteboard_id = board.id AND there.element_id = incoming.element_id AND merged.element_id IS NULL
            AND (there.version <> incoming.version OR there.version_nonce <> incoming.version_nonce)
        """

    public func merge(
        _ elements: [WhiteboardElement], into id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date
    ) async throws -> WhiteboardMergeResult {
        let statements = [
            PostgresStatement(Self.hold, [id.uuid, meeting.uuid]),
            PostgresStatement(
                Self.merge,
                [
                    id.uuid, elements.map(\.id), elements.map(\.version), elements.map(\.versionNonce),
                    elements.map { $0.index ?? "" }, elements.map { $0.isDeleted ? 1 : 0 },
                    "[" + elements.map(\.json).joined(separator: ",") + "]", author, moment,
                    meeting.uuid,
                ]),
        ]
        return try await StoreError.mapped(["whiteboards_elements_bounded": .whiteboardFull]) {
            let results = try await postgres.pipeline(statements)
            guard let board = try results[0].get().rows.first else { throw ConferenceError.notFound(.whiteboard) }
            guard try !board.get(0, as: Bool.self) else { throw ConferenceError.conflict(.whiteboardClosed) }
            let rows = try results[1].get().rows
            let revision = try rows.first?.get(0, as: Int?.self)
            var taken: [String] = []
            var winners: [WhiteboardElement] = []
            for row in rows {
                if let winner = try Self.element(row, from: 2) {
                    winners.append(winner)
                } else {
                    taken.append(try row.get(1))
                }
            }
            return WhiteboardMergeResult(
                revision: try revision ?? board.get(1), taken: taken, winners: winners, isChanged: revision != nil)
        }
    }

    /// Reads `elementColumns` from a column on; nil where an outer join found nothing.
    static func element(_ row: PostgresRow, from column: Int) throws -> WhiteboardElement? {
        guard let id = try row.get(column, as: String?.self) else { return nil }
        return WhiteboardElement(
            id: id, version: try row.get(column + 1), versionNonce: try row.get(column + 2),
            index: try row.get(column + 3), isDeleted: try row.get(column + 4),
            json: try row.get(column + 5, as: PostgresJSON.self).text)
    }
}
