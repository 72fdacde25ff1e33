/// One row of a result. Values are read when asked for.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    public var columnNames: [String] { result.columns.names }

    /// Reads a column by name.
    ///
    /// - Throws: ``PostgresError/decoding(_:)`` when there is no such column, or it doesn't hold such a value; ask for an
    ///   optional type where it may be null.
    public func get<Value: PostgresDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let column = result.columns.index(of: name) else {
            throw PostgresError.decoding(
                PostgresDecodingError(column: name, expected: "\(Value.self)", found: "no column of this name"))
        }
        return try Value.decode(PostgresCell(result: result, row: index, column: column))
    }

    /// Reads a column by position, counted from 0.
    public func get<Value: PostgresDecodable>(_ column: Int, as type: Value.Type = Value.self) throws -> Value {
        guard result.columns.names.indices.contains(column) else {
            throw PostgresError.decoding(
                PostgresDecodingError(
                    column: "\(column)", expected: "\(Value.self)", found: "\(columnNames.count) columns"))
        }
        return try Value.decode(PostgresCell(result: result, row: index, column: column))
    }
}
