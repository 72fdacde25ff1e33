/// A value that can be read from a column.
public protocol PostgresDecodable {
    /// - Throws: ``PostgresError/decoding(_:)`` when the column's type isn't one this type can hold, or when it is null.
    static func decode(_ cell: PostgresCell) throws -> Self
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Wrapped? {
        cell.isNull ? nil : try Wrapped.decode(cell)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    public static func decode(_ cell: PostgresCell) throws -> Self {
        guard let value = Self(rawValue: try RawValue.decode(cell)) else {
            throw cell.error(expected: "\(Self.self)", found: "a value that it doesn't know")
        }
        return value
    }
}
