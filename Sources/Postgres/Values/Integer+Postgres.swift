extension Int: PostgresEncodable, PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Int { try decodeInteger(cell) }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Int32 { try decodeInteger(cell) }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Int16 { try decodeInteger(cell) }
}

extension PostgresEncodable where Self: FixedWidthInteger {
    public func encode(into parameters: inout PostgresParameters) throws {
        try parameters.append(text: String(self))
    }
}

/// Reads any integer type whose value fits. A `numeric` without fraction counts as one, because `sum(bigint)` gives it.
private func decodeInteger<Integer: FixedWidthInteger & SignedInteger>(_ cell: PostgresCell) throws -> Integer {
    let name = "\(Integer.self)"
    guard !cell.isNull else { throw cell.error(expected: name) }
    let value: Integer? =
        switch (cell.type, cell.isBinary) {
        case (.int2, true): Integer(exactly: try cell.integer(as: Int16.self))
        case (.int4, true): Integer(exactly: try cell.integer(as: Int32.self))
        case (.int8, true): Integer(exactly: try cell.integer(as: Int64.self))
        case (.oid, true): Integer(exactly: try cell.integer(as: UInt32.self))
        case (.int2, false), (.int4, false), (.int8, false), (.oid, false), (.numeric, false): Integer(cell.text)
        default: throw cell.error(expected: name)
        }
    guard let value else { throw cell.error(expected: name, found: "\(cell.type) that it can't hold") }
    return value
}
