/// A statement that the server has parsed, on one connection. Confined to the connection's loop.
final class PreparedStatement {
    let sql: String
    let name: String
    /// Known once the server has described the statement.
    var columns: PostgresColumns?
    /// Whether the server holds it under its name.
    var isPrepared = false
    fileprivate(set) var lastUse: UInt64 = 0

    init(sql: String, name: String) {
        self.sql = sql
        self.name = name
    }

    /// Binary only where every column can be read so, and known before the statement runs.
    var wantsBinary: Bool { columns?.areReadInBinary ?? false }
}

/// The statements prepared on one connection, by their text. The one unused for longest makes room for a new one.
struct StatementCache {
    private var statements: [String: PreparedStatement] = [:]
    /// Still on the server, but no longer here.
    private(set) var discarded: [PreparedStatement] = []
    private var uses: UInt64 = 0
    private var nextName: UInt64 = 1
    private let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { statements.count }

    /// The statement of this text, which isn't prepared yet when it is new.
    mutating func statement(for sql: String) -> PreparedStatement {
        uses += 1
        if let known = statements[sql] {
            known.lastUse = uses
            return known
        }
        if statements.count >= limit { discardOldest() }
        let statement = PreparedStatement(sql: sql, name: "s\(nextName)")
        nextName += 1
        statement.lastUse = uses
        statements[sql] = statement
        return statement
    }

    /// Forgets a statement, so that its next use prepares it anew under another name.
    mutating func discard(_ statement: PreparedStatement) {
        if statements[statement.sql] === statement { statements[statement.sql] = nil }
        if statement.isPrepared { discarded.append(statement) }
    }

    /// Takes a discarded statement that the server has dropped, or is about to.
    mutating func takeDiscarded() -> [PreparedStatement] {
        defer { discarded = [] }
        return discarded
    }

    mutating func putBack(discarded statement: PreparedStatement) { discarded.append(statement) }

    private mutating func discardOldest() {
        guard let oldest = statements.values.min(by: { $0.lastUse < $1.lastUse }) else { return }
        discard(oldest)
    }
}
