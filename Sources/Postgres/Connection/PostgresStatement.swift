/// One statement of a pipeline with its parameters.
public struct PostgresStatement: Sendable {
    public let sql: String
    public let parameters: [(any PostgresEncodable)?]

    public init(_ sql: String, _ parameters: [(any PostgresEncodable)?] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// What one statement of a pipeline gave.
public struct PostgresOutcome: Sendable {
    public let rows: [PostgresRow]
    /// Rows inserted, changed, deleted or returned.
    public let affectedRows: Int

    init(_ result: PostgresResult) {
        rows = result.rows
        affectedRows = result.affectedRows
    }
}

/// How the statements of a pipeline stand to each other.
public enum PostgresPipelineMode: Sendable {
    /// One transaction: the first error undoes all, and those behind it are not run.
    case allOrNothing
    /// Each statement for itself.
    case independent
}

/// How a transaction sees others: PostgreSQL's documentation, "Transaction Isolation".
public struct PostgresTransactionOptions: Hashable, Sendable {
    public enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    public var isolation: Isolation
    public var isReadOnly: Bool

    public init(isolation: Isolation = .readCommitted, isReadOnly: Bool = false) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
    }

    var beginStatement: String {
        "BEGIN ISOLATION LEVEL \(isolation.rawValue)" + (isReadOnly ? " READ ONLY" : "")
    }
}
