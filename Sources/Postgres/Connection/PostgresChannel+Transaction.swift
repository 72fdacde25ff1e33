import Platform

extension PostgresChannel {
    /// Begins a transaction, which the server hears of with its first statement.
    func begin(_ options: PostgresTransactionOptions, lease: UInt64) throws {
        loop.preconditionInLoop()
        guard lease == self.lease else {
            throw PostgresError.misuse("a connection was used after its lease had ended")
        }
        guard isOpen else { throw PostgresError.unavailable("the connection was lost") }
        guard !isInTransactionBlock else { throw PostgresError.misuse("transactions can't be nested") }
        isInTransactionBlock = true
        pendingBegin = options.beginStatement
    }

    func commit(lease: UInt64) async throws {
        defer { isInTransactionBlock = false }
        guard pendingBegin == nil else {
            pendingBegin = nil
            return
        }
        do {
            let result = try await script("COMMIT", timeout: nil, lease: lease, isShielded: true)
            guard result.commandTag == "COMMIT" else { throw PostgresError.transactionAborted }
        } catch let error as PostgresError {
            guard case .unavailable(let reason) = error else {
                if error == .timeout { await rollback(lease: lease) }
                throw error
            }
            throw PostgresError.unavailable(
                "\(reason); it happened during COMMIT, which may or may not have taken effect")
        }
    }

    /// Never throws: a connection that can't be rolled back is dropped, and the server rolls back.
    func rollback(lease: UInt64) async {
        defer { isInTransactionBlock = false }
        guard pendingBegin == nil else {
            pendingBegin = nil
            return
        }
        guard isOpen, lease == self.lease else { return }
        do {
            try await script("ROLLBACK", timeout: nil, lease: lease, isShielded: true)
        } catch {
            close(.unavailable("a transaction couldn't be rolled back"))
        }
    }
}
