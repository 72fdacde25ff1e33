/// A type whose array is a PostgreSQL value: `[UInt8]` is a `bytea`, `[String]` a `text[]`.
public protocol PostgresArrayElement: Sendable {
    static func encode(_ array: [Self], into parameters: inout PostgresParameters) throws
    static func decodeArray(_ cell: PostgresCell) throws -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    public func encode(into parameters: inout PostgresParameters) throws {
        try Element.encode(self, into: &parameters)
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    public static func decode(_ cell: PostgresCell) throws -> [Element] { try Element.decodeArray(cell) }
}
