import Conference
import Postgres

/// Reads a row's columns in their order. By position, because a meeting has many columns and looking up names costs more
/// than the rest of the reading.
struct RowReader {
    private let row: PostgresRow
    private var column = 0

    init(_ row: PostgresRow) {
        self.row = row
    }

    mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws -> Value {
        defer { column += 1 }
        return try row.get(column, as: Value.self)
    }

    /// The next column as one of the cases of `type`; the database's constraints allow no other text.
    mutating func nextCase<Value: RawRepresentable>(_ type: Value.Type = Value.self) throws -> Value
    where Value.RawValue == String {
        let text = try next(String.self)
        guard let value = Value(rawValue: text) else {
            throw ConferenceError.unexpected(cause: "the database holds an unknown \(Value.self): \(text)")
        }
        return value
    }
}
