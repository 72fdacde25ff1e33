import CLibpq

/// The names and types of a result's columns, shared by all results of a prepared statement.
final class PostgresColumns: Sendable {
    let names: [String]
    let types: [PostgresType]
    /// Whether every type can be read in its binary form.
    let areReadInBinary: Bool

    init(describing pointer: OpaquePointer) {
        let count = PQnfields(pointer)
        names = (0..<count).map { PQfname(pointer, $0).map { String(cString: $0) } ?? "" }
        types = (0..<count).map { PostgresType(rawValue: PQftype(pointer, $0)) }
        areReadInBinary = types.allSatisfy(PostgresType.readInBinary.contains)
    }

    func index(of name: String) -> Int? { names.firstIndex(of: name) }
}

/// What a statement gave back. Owns libpq's result and frees it.
///
/// `@unchecked Sendable`: the result is complete before this is made, nothing here changes it, and libpq's functions that
/// read a result touch nothing else (PostgreSQL's documentation, "Behavior in Threaded Programs").
final class PostgresResult: @unchecked Sendable {
    let pointer: OpaquePointer
    let columns: PostgresColumns
    let isBinary: Bool
    let rowCount: Int

    /// - Parameters:
    ///   - pointer: a `PGresult`, owned from here on.
    ///   - columns: those of the prepared statement, when known.
    init(owning pointer: OpaquePointer, columns known: PostgresColumns? = nil) {
        self.pointer = pointer
        let fields = Int(PQnfields(pointer))
        if let known, known.names.count == fields {
            columns = known
        } else {
            columns = PostgresColumns(describing: pointer)
        }
        isBinary = fields > 0 && PQfformat(pointer, 0) == 1
        rowCount = Int(PQntuples(pointer))
    }

    deinit { PQclear(pointer) }

    var rows: [PostgresRow] { (0..<Int32(rowCount)).map { PostgresRow(result: self, index: $0) } }

    /// Rows inserted, changed, deleted or returned, as the server counts them.
    var affectedRows: Int {
        guard let text = PQcmdTuples(pointer) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// The server's name for what it did, such as `COMMIT`.
    var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }
}
