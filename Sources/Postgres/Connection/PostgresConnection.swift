import Platform

/// A connection on loan, valid inside of the `withConnection` or `withTransaction` that gave it.
///
/// Calls of several child tasks are taken one after the other.
public struct PostgresConnection: Sendable {
    let channel: PostgresChannel
    let lease: UInt64

    /// Runs a statement and gives its rows.
    ///
    /// The statement is prepared at its first use and kept under its text, so build texts of a limited variety, and bind
    /// values as `$1`, `$2`.
    /// - Parameter timeout: instead of the configuration's time limit, when shorter.
    /// - Throws: ``PostgresError``, or `CancellationError`.
    public func query(
        _ sql: String, _ parameters: [(any PostgresEncodable)?] = [], timeout: Duration? = nil
    ) async throws -> [PostgresRow] {
        try await run(sql, parameters, timeout).rows
    }

    /// Runs a statement and gives the number of rows inserted, changed, deleted or returned.
    @discardableResult
    public func execute(
        _ sql: String, _ parameters: [(any PostgresEncodable)?] = [], timeout: Duration? = nil
    ) async throws -> Int {
        try await run(sql, parameters, timeout).affectedRows
    }

    /// Runs several statements in one round trip, and reports on each.
    ///
    /// - Returns: one outcome a statement, in their order. Behind an error, all-or-nothing gives
    ///   ``PostgresError/pipelineAborted``.
    /// - Throws: what concerns all of them, such as a lost connection, or a parameter that can't be sent.
    public func pipeline(
        _ statements: [PostgresStatement], mode: PostgresPipelineMode = .allOrNothing, timeout: Duration? = nil
    ) async throws -> [Result<PostgresOutcome, PostgresError>] {
        let prepared = try statements.map { try prepare($0.sql, $0.parameters) }
        let results = try await onLoop {
            try await channel.pipeline(prepared, mode: mode, timeout: timeout, lease: lease)
        }
        return results.map { $0.map(PostgresOutcome.init) }
    }

    /// Runs a script of any number of statements without parameters, as it stands in a file.
    public func executeScript(_ sql: String, timeout: Duration? = nil) async throws {
        try await onLoop { _ = try await channel.script(sql, timeout: timeout, lease: lease) }
    }

    /// Runs the body in a transaction: committed at its end, rolled back when it throws or the task is cancelled.
    ///
    /// The transaction begins together with its first statement.
    public func withTransaction<Value: Sendable>(
        _ options: PostgresTransactionOptions = PostgresTransactionOptions(),
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await onLoop {
            try channel.begin(options, lease: lease)
            let value: Value
            do {
                value = try await body(self)
                try Task.checkCancellation()
            } catch {
                await channel.rollback(lease: lease)
                throw error
            }
            try await channel.commit(lease: lease)
            return value
        }
    }

    // MARK: Inside

    private func prepare(
        _ sql: String, _ parameters: [(any PostgresEncodable)?]
    ) throws -> PostgresChannel.Prepared {
        guard !sql.holdsNUL else {
            throw PostgresError.invalidParameter("the statement contains a NUL character")
        }
        return .init(
            sql: sql,
            parameters: try PostgresParameters(
                parameters, maximumBytes: channel.configuration.maximumParameterBytes))
    }

    private func run(
        _ sql: String, _ parameters: [(any PostgresEncodable)?], _ timeout: Duration?
    ) async throws -> PostgresResult {
        let prepared = try prepare(sql, parameters)
        return try await onLoop { try await channel.query(prepared, timeout: timeout, lease: lease) }
    }

    /// The caller is on the loop already, unless it is an actor or a task without the loop's preference.
    private func onLoop<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        if channel.loop.isInLoop { return try await body() }
        return try await withTaskExecutorPreference(channel.loop) { try await body() }
    }
}
