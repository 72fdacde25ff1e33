import CLibpq

/// One value of a result, as the server sent it.
public struct PostgresCell: Sendable {
    let result: PostgresResult
    let row: Int32
    let column: Int

    public var isNull: Bool { PQgetisnull(result.pointer, row, Int32(column)) == 1 }

    public var type: PostgresType { result.columns.types[column] }

    public var columnName: String { result.columns.names[column] }

    /// Whether the bytes are PostgreSQL's binary form, as against its text form.
    public var isBinary: Bool { result.isBinary }

    /// Calls the body with the value's bytes, which are valid until it returns.
    public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try withExtendedLifetime(result) {
            let length = Int(PQgetlength(result.pointer, row, Int32(column)))
            let start = PQgetvalue(result.pointer, row, Int32(column))
            return try body(UnsafeRawBufferPointer(start: start, count: length))
        }
    }

    /// The value in PostgreSQL's text form, or the text of a textual type.
    var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    /// The error to throw for a column that can't be read.
    public func error(expected: String, found: String? = nil) -> PostgresError {
        let found = found ?? (isNull ? "null" : "\(type)")
        return .decoding(PostgresDecodingError(column: columnName, expected: expected, found: found))
    }

    /// States what types the reader understands.
    func require(_ expected: String, _ isReadable: Bool) throws {
        guard !isNull, isReadable else { throw error(expected: expected) }
    }

    func integer<Integer: FixedWidthInteger>(at offset: Int = 0, as type: Integer.Type) throws -> Integer {
        try withBytes { bytes in
            guard bytes.count >= offset + MemoryLayout<Integer>.size else {
                throw error(expected: "\(Integer.self)", found: "\(bytes.count) bytes")
            }
            return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }
}
