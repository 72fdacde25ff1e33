/// An error report of the server: the fields of PostgreSQL's documentation, "Error and Notice Message Fields".
public struct PostgresServerError: Hashable, Sendable {
    /// `ERROR`, `FATAL` or `PANIC`.
    public let severity: String
    public let sqlState: SQLState
    public let message: String
    /// May hold values of the row in question: not part of ``description``, never for a client's eyes.
    public let detail: String?
    public let hint: String?
    public let table: String?
    public let column: String?
    public let constraint: String?
    /// Where in the statement, in characters counted from 1.
    public let position: Int?
    /// The line of a function or script, when the server says it.
    public let context: String?

    public init(
        severity: String = "ERROR", sqlState: SQLState, message: String, detail: String? = nil, hint: String? = nil,
        table: String? = nil, column: String? = nil, constraint: String? = nil, position: Int? = nil,
        context: String? = nil
    ) {
        self.severity = severity
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.table = table
        self.column = column
        self.constraint = constraint
        self.position = position
        self.context = context
    }
}

extension PostgresServerError: CustomStringConvertible {
    public var description: String {
        var text = "\(message) (SQLSTATE \(sqlState.rawValue)"
        if let constraint { text += ", constraint \(constraint)" }
        if let position { text += ", at character \(position)" }
        text += ")"
        if let hint { text += "; hint: \(hint)" }
        return text
    }
}
