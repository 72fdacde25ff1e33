import Glibc
import Platform
import Postgres
import Synchronization

/// A database of its own for one test, and loops to use it from.
struct PostgresTestDatabase: Sendable {
    let url: String
    let name: String
    let loops: [EventLoop]
    let log: Logger

    /// A client with its pools open, closed at the end of the body.
    func withPostgres<Value: Sendable>(
        _ change: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (Postgres) async throws -> Value
    ) async throws -> Value {
        var configuration = try PostgresConfiguration(url: url)
        configuration.poolSize = 4
        configuration.connectTimeout = .seconds(10)
        configuration.unavailableWait = .seconds(10)
        change(&configuration)
        let postgres = Postgres(configuration: configuration, loops: loops, log: log)
        try await postgres.start()
        do {
            let value = try await body(postgres)
            await postgres.stop()
            return value
        } catch {
            await postgres.stop()
            throw error
        }
    }

    /// Makes a database on the server of `TEST_DATABASE_URL`, and drops it at the end.
    static func with<Value: Sendable>(
        loopCount: Int = 1, _ body: (PostgresTestDatabase) async throws -> Value
    ) async throws -> Value {
        let url = try TestEnvironment.require("TEST_DATABASE_URL")
        return try await with(serverURL: url, loopCount: loopCount, body)
    }

    static func with<Value: Sendable>(
        serverURL: String, loopCount: Int = 1, _ body: (PostgresTestDatabase) async throws -> Value
    ) async throws -> Value {
        let loops = try (0..<loopCount).map { _ in try EventLoop(name: "test") }
        for loop in loops { try loop.start() }
        defer { for loop in loops { loop.stop() } }
        let log = Logger(component: "postgres", sink: DiscardingSink())
        let name = "test_\(getpid())_\(counter.add(1, ordering: .relaxed).newValue)"
        var maintenance = try PostgresConfiguration(url: serverURL)
        // Many tests make their databases at the same time.
        maintenance.statementTimeout = .seconds(60)
        maintenance.connectTimeout = .seconds(10)
        let admin = Postgres(configuration: maintenance, loops: loops, log: log)
        try await admin.start()
        do {
            try await admin.execute("CREATE DATABASE \(name)")
            let database = PostgresTestDatabase(
                url: try replacingDatabase(of: serverURL, with: name), name: name, loops: loops, log: log)
            let value = try await body(database)
            try await admin.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
            await admin.stop()
            return value
        } catch {
            _ = try? await admin.execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
            await admin.stop()
            throw error
        }
    }

    private static let counter = Atomic<Int>(0)

    /// The same URL with another database: the last component of its path.
    static func replacingDatabase(of url: String, with name: String) throws -> String {
        let parts = url.split(separator: "?", maxSplits: 1)
        let base = parts[0]
        guard let slash = base.lastIndex(of: "/") else { throw PostgresError.configuration("no database in the URL") }
        return String(base[...slash]) + name + (parts.count > 1 ? "?\(parts[1])" : "")
    }
}

/// Throws log entries away.
struct DiscardingSink: LogSink {
    func write(_ entry: LogEntry) {}
}
