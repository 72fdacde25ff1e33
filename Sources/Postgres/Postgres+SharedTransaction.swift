import Platform
import Synchronization

extension Postgres {
    /// Runs the body in a transaction that everything takes part in which the task asks of this `Postgres` meanwhile,
    /// through whatever it calls: committed at its end, rolled back when it throws or the task is cancelled.
    ///
    /// So that parts that know nothing of each other's tables can store something together. A `withTransaction` inside of
    /// it is a piece of it; when one of those fails, nothing is committed, whatever the body makes of the error. Tasks that
    /// the body starts and doesn't wait for must not use this `Postgres`.
    public func withSharedTransaction<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        guard sharedTransaction == nil else { return try await body() }
        return try await withTransaction { connection in
            let shared = SharedTransaction(connection, of: self)
            let value = try await SharedTransaction.$current.withValue(shared) { try await body() }
            guard !shared.hasFailed else { throw PostgresError.transactionAborted }
            return value
        }
    }

    /// The one that the task is in, if it is one of ours.
    var sharedTransaction: SharedTransaction? {
        guard let current = SharedTransaction.current, current.isOf(self) else { return nil }
        return current
    }
}

/// A transaction that calls further down find in their task.
final class SharedTransaction: Sendable {
    @TaskLocal static var current: SharedTransaction?

    let connection: PostgresConnection
    private let pool: PostgresPool
    private let failed = Atomic(false)

    init(_ connection: PostgresConnection, of postgres: Postgres) {
        self.connection = connection
        pool = postgres.pools[0]
    }

    var hasFailed: Bool { failed.load(ordering: .relaxed) }

    func isOf(_ postgres: Postgres) -> Bool { postgres.pools[0] === pool }

    /// Runs a piece of the transaction, which can't be undone by itself.
    func part<Value: Sendable>(_ body: (PostgresConnection) async throws -> Value) async throws -> Value {
        do {
            return try await body(connection)
        } catch {
            failed.store(true, ordering: .relaxed)
            throw error
        }
    }
}
