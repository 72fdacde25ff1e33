import Platform

/// How to reach a PostgreSQL server, and the limits of its use. All limits are for one event loop.
public struct PostgresConfiguration: Sendable {
    /// The oldest server this program runs on, as `PQserverVersion` counts: 18.1.
    public static let requiredServerVersion: Int32 = 180_001

    /// The libpq parameters of the URL, password included: never log them.
    package var parameters: [String: String]

    /// The most connections of one loop.
    public var poolSize = 8
    /// Connections that are kept open while nothing happens.
    public var minimumIdle = 1
    /// From the start of a connection attempt to readiness, name resolution included.
    public var connectTimeout: Duration = .seconds(3)
    /// The longest wait for a free connection.
    public var leaseTimeout: Duration = .seconds(5)
    /// The longest wait for the very first connection, when there is none at all.
    public var unavailableWait: Duration = .seconds(1)
    /// The longest a statement may run; the server enforces it, the client half a second later.
    public var statementTimeout: Duration = .seconds(10)
    /// The server ends a connection whose transaction does nothing for so long.
    public var idleInTransactionTimeout: Duration = .seconds(30)
    /// A connection above ``minimumIdle`` is closed when it was unused for so long.
    public var idleTimeout: Duration = .seconds(300)
    /// An unused connection is checked this often.
    public var keepAliveInterval: Duration = .seconds(30)
    /// Prepared statements kept on one connection.
    public var preparedStatementLimit = 256
    /// The largest parameters of one statement together, in bytes.
    public var maximumParameterBytes = 64 * 1024 * 1024
    /// Shown in `pg_stat_activity`, unless the URL has its own.
    public var applicationName = "livekit-conference"

    /// - Parameter url: `postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=...`, as PostgreSQL's
    ///   documentation, "Connection URIs", describes it.
    /// - Throws: ``PostgresError/configuration(_:)``, which never repeats a part of the URL that may hold the password.
    public init(url: String) throws {
        parameters = try PostgresURL.parse(url)
    }

    /// The database's name.
    public var database: String { parameters["dbname"] ?? "" }

    /// The same server and credentials with another database.
    public func with(database: String) -> PostgresConfiguration {
        var copy = self
        copy.parameters["dbname"] = database
        return copy
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Server, database and user, without secrets.
    public var description: String {
        let host = parameters["host"] ?? parameters["hostaddr"] ?? "local socket"
        let port = parameters["port"].map { ":\($0)" } ?? ""
        let user = parameters["user"].map { "\($0)@" } ?? ""
        return "\(user)\(host)\(port)/\(database)"
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}
