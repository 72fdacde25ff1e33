/// What can go wrong with PostgreSQL. Messages carry neither passwords nor the values of parameters.
public enum PostgresError: Error, Hashable, Sendable {
    /// The server refused a statement; the connection is still good.
    case server(PostgresServerError)
    /// No connection could be had in time, or it was lost while the statement ran.
    case unavailable(String)
    /// The statement ran longer than it may and was cancelled.
    case timeout
    /// A column doesn't hold what the program asked for.
    case decoding(PostgresDecodingError)
    /// A value can't be sent, such as text with a NUL character.
    case invalidParameter(String)
    /// The server is older than this program needs.
    case unsupportedServer(found: String, required: String)
    /// The connection settings are wrong.
    case configuration(String)
    /// An earlier statement of the same pipeline failed, so this one was never run.
    case pipelineAborted
    /// The transaction had failed before its end, and the server rolled it back instead of committing it.
    case transactionAborted
    /// The program used the client in a way that can't work.
    case misuse(String)
}

extension PostgresError {
    /// A stable code for programs.
    public var code: String {
        switch self {
        case .server: "postgres.server"
        case .unavailable: "postgres.unavailable"
        case .timeout: "postgres.timeout"
        case .decoding: "postgres.decoding"
        case .invalidParameter: "postgres.invalid_parameter"
        case .unsupportedServer: "postgres.unsupported_server"
        case .configuration: "postgres.configuration"
        case .pipelineAborted: "postgres.pipeline_aborted"
        case .transactionAborted: "postgres.transaction_aborted"
        case .misuse: "postgres.misuse"
        }
    }

    /// The server's five-character code, when the server refused a statement.
    public var sqlState: SQLState? {
        guard case .server(let error) = self else { return nil }
        return error.sqlState
    }

    /// The name of the constraint that was violated, when the server named one.
    public var constraint: String? {
        guard case .server(let error) = self else { return nil }
        return error.constraint
    }

    /// Whether the same transaction may succeed when it is run again: serialization failure or deadlock.
    public var isRetryable: Bool { sqlState == .serializationFailure || sqlState == .deadlockDetected }

    /// Whether the database is out of reach, as against having refused something.
    public var isUnavailable: Bool {
        switch self {
        case .unavailable, .unsupportedServer: true
        default: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .server(let error): error.description
        case .unavailable(let reason): "PostgreSQL is unavailable: \(reason)"
        case .timeout: "the statement ran longer than its time limit and was cancelled"
        case .decoding(let error): error.description
        case .invalidParameter(let reason): "a statement's parameter can't be sent: \(reason)"
        case .unsupportedServer(let found, let required):
            "PostgreSQL \(required) or newer is needed, the server is \(found); upgrade it or point DATABASE_URL at another"
        case .configuration(let reason): "the PostgreSQL settings are wrong: \(reason)"
        case .pipelineAborted: "not run, because an earlier statement of the same pipeline failed"
        case .transactionAborted:
            "the transaction was rolled back, because a statement in it had failed; let that statement's error end it"
        case .misuse(let reason): "the PostgreSQL client was misused: \(reason)"
        }
    }
}
