import CLibpq

extension PostgresError {
    /// Reads the error of a failed result: PostgreSQL's documentation, `PQresultErrorField`.
    init(result: OpaquePointer, configuration: PostgresConfiguration) {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        let fallback = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        let message = configuration.scrub(field("M") ?? fallback).firstLine
        guard let state = field("C") else {
            self = .unavailable(message.isEmpty ? "the connection was lost" : message)
            return
        }
        let severity = field("V") ?? field("S") ?? "ERROR"
        if severity == "FATAL" || severity == "PANIC" {
            self = .unavailable("the server ended the connection: \(message) (SQLSTATE \(state))")
            return
        }
        if state == SQLState.queryCanceled.rawValue {
            self = .timeout
            return
        }
        self = .server(
            PostgresServerError(
                severity: severity, sqlState: SQLState(rawValue: state), message: message, detail: field("D"),
                hint: field("H"), table: field("t"), column: field("c"), constraint: field("n"),
                position: field("P").flatMap(Int.init), context: field("W")))
    }
}

extension String {
    /// libpq ends its messages with a line break, and may tell of several attempts.
    var firstLine: String { String(prefix { $0 != "\n" }) }

    /// All lines as one.
    var oneLine: String { split(separator: "\n").joined(separator: "; ") }
}
