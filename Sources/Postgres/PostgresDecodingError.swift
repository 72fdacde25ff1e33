/// A column that doesn't hold what was asked for. Names types and columns, never the value.
public struct PostgresDecodingError: Hashable, Sendable, CustomStringConvertible {
    public let column: String
    public let expected: String
    public let found: String

    public init(column: String, expected: String, found: String) {
        self.column = column
        self.expected = expected
        self.found = found
    }

    public var description: String { "column \(column): expected \(expected), found \(found)" }
}
