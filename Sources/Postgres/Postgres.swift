import Platform

/// PostgreSQL for the rest of the program: one pool an event loop, used from the loop that the caller runs on.
///
/// A caller that runs on none of the loops is taken to the first one.
public struct Postgres: Sendable {
    let pools: [PostgresPool]
    private let log: Logger
    public let configuration: PostgresConfiguration

    /// - Parameters:
    ///   - loops: at least one.
    public init(configuration: PostgresConfiguration, loops: [EventLoop], log: Logger) {
        precondition(!loops.isEmpty, "PostgreSQL needs an event loop")
        self.configuration = configuration
        self.log = log
        pools = loops.map { PostgresPool(configuration: configuration, loop: $0, log: log) }
    }

    /// All pools together; may be read from any thread.
    public var statistics: PostgresPoolStatistics {
        pools.reduce(PostgresPoolStatistics()) { $0 + $1.statistics }
    }

    // MARK: Life

    /// Opens the pools.
    ///
    /// A server that is out of reach is logged, and tried again until it answers.
    /// - Throws: ``PostgresError/unsupportedServer(found:required:)`` when the server is too old.
    public func start() async throws {
        for pool in pools {
            do {
                try await withTaskExecutorPreference(pool.loop) { try await pool.start() }
            } catch let error as PostgresError {
                guard case .unsupportedServer = error else { continue }
                await stop()
                throw error
            }
        }
    }

    /// Waits a short time for what is under way and closes all connections.
    public func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for pool in pools {
                group.addTask(executorPreference: pool.loop) { await pool.stop(atMost: .seconds(10)) }
            }
        }
    }

    // MARK: Use

    /// Lends a connection to the body; inside of a shared transaction, that one's.
    ///
    /// - Throws: ``PostgresError/unavailable(_:)`` when none can be had in time, and what the body throws.
    public func withConnection<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        if let shared = sharedTransaction { return try await body(shared.connection) }
        let pool = nearest
        if pool.loop.isInLoop { return try await pool.withConnection(body) }
        return try await withTaskExecutorPreference(pool.loop) { try await pool.withConnection(body) }
    }

    /// Runs the body in a transaction: committed at its end, rolled back when it throws or the task is cancelled.
    public func withTransaction<Value: Sendable>(
        _ options: PostgresTransactionOptions = PostgresTransactionOptions(),
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        if let shared = sharedTransaction {
            guard options == PostgresTransactionOptions() else {
                throw PostgresError.misuse("a shared transaction has begun with other options")
            }
            return try await shared.part(body)
        }
        return try await withConnection { try await $0.withTransaction(options, body) }
    }

    /// Runs one statement and gives its rows: ``PostgresConnection/query(_:_:timeout:)``.
    public func query(
        _ sql: String, _ parameters: [(any PostgresEncodable)?] = [], timeout: Duration? = nil
    ) async throws -> [PostgresRow] {
        try await withConnection { try await $0.query(sql, parameters, timeout: timeout) }
    }

    /// Runs one statement and gives the number of rows inserted, changed, deleted or returned.
    @discardableResult
    public func execute(
        _ sql: String, _ parameters: [(any PostgresEncodable)?] = [], timeout: Duration? = nil
    ) async throws -> Int {
        try await withConnection { try await $0.execute(sql, parameters, timeout: timeout) }
    }

    /// Runs several statements in one round trip: ``PostgresConnection/pipeline(_:mode:timeout:)``.
    public func pipeline(
        _ statements: [PostgresStatement], mode: PostgresPipelineMode = .allOrNothing, timeout: Duration? = nil
    ) async throws -> [Result<PostgresOutcome, PostgresError>] {
        try await withConnection { try await $0.pipeline(statements, mode: mode, timeout: timeout) }
    }

    private var nearest: PostgresPool {
        guard let loop = EventLoop.current else { return pools[0] }
        return pools.first { $0.loop === loop } ?? pools[0]
    }
}
