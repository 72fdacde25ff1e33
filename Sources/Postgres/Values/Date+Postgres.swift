public import FoundationEssentials

/// A `timestamptz`, which counts microseconds.
extension Date: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws {
        guard let timestamp = PostgresTimestamp(self) else {
            throw PostgresError.invalidParameter("a date is outside of the years 1 to 9999")
        }
        try parameters.append(text: timestamp.text)
    }

    public static func decode(_ cell: PostgresCell) throws -> Date {
        try cell.require("Date", cell.type == .timestamptz)
        let timestamp: PostgresTimestamp? =
            cell.isBinary
            ? PostgresTimestamp(microseconds: try cell.integer(as: Int64.self))
            : cell.withBytes { PostgresTimestamp(text: $0) }
        guard let timestamp, timestamp.isFinite else {
            throw cell.error(expected: "Date", found: "a timestamp that isn't a date, such as infinity")
        }
        return timestamp.date
    }
}
