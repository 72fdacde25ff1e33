import CLibpq
import Platform

extension PostgresChannel {
    /// Takes what has arrived completely; libpq never blocks here, because it is asked first.
    func readResults() {
        while isOpen, operation != nil, let handle, PQisBusy(handle) == 0 {
            if let result = PQgetResult(handle) {
                take(result)
            } else if !endOfResults() {
                return
            }
        }
    }

    private func take(_ result: OpaquePointer) {
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            advance()
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            close(.misuse("COPY isn't supported; the connection was dropped"))
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
            let error = PostgresError(result: result, configuration: configuration)
            PQclear(result)
            if error.isUnavailable {
                close(error)
            } else {
                record(.failure(error))
            }
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            record(.failure(.pipelineAborted))
        default:
            record(.success(PostgresResult(owning: result, columns: currentColumns)))
        }
    }

    private var currentColumns: PostgresColumns? {
        guard let operation, let steps = operation.steps else { return operation?.statement?.columns }
        return steps[operation.currentStep].statement?.columns
    }

    private func record(_ result: Result<PostgresResult, PostgresError>) {
        operation?.stepHasResult = true
        guard let operation, let steps = operation.steps else {
            if let statement = operation?.statement { discardIfStale(statement, result) }
            self.operation?.record(result, owner: 0)
            return
        }
        let step = steps[operation.currentStep]
        apply(step, result)
        if step.action == .execute {
            self.operation?.record(result, owner: step.owner)
        } else if case .failure(let error) = result, error != .pipelineAborted {
            self.operation?.record(result, owner: step.owner)
        }
    }

    /// Notes what the server now holds.
    private func apply(_ step: PostgresOperation.Step, _ result: Result<PostgresResult, PostgresError>) {
        guard let statement = step.statement else { return }
        switch (step.action, result) {
        case (.prepare, .success): statement.isPrepared = true
        case (.prepare, .failure): statements.discard(statement)
        case (.describe, .success(let description)): statement.columns = description.columns
        case (.deallocate, .failure(let error)) where error.sqlState != .invalidStatementName:
            statements.putBack(discarded: statement)
        case (.execute, .failure): discardIfStale(statement, result)
        default: break
        }
    }

    /// libpq has no more results: of a step when in a pipeline, else of the operation.
    ///
    /// - Returns: false when there is nothing to read before more arrives.
    private func endOfResults() -> Bool {
        guard let operation else { return false }
        guard operation.steps != nil else {
            finish()
            return true
        }
        guard operation.stepHasResult else { return false }
        advance()
        return true
    }

    private func advance() {
        guard let operation, let steps = operation.steps else { return }
        self.operation?.currentStep += 1
        self.operation?.stepHasResult = false
        guard operation.currentStep + 1 == steps.count else { return }
        guard PQexitPipelineMode(handle) == 1 else {
            close(connectionError("the pipeline didn't end as it should"))
            return
        }
        finish()
    }

    private func finish() {
        guard let finished = operation else { return }
        operation = nil
        if let continuation = finished.continuation {
            switch finished.output {
            case .success(let output): continuation.resume(returning: output)
            case .failure(let error): continuation.resume(throwing: error)
            }
        }
        becomeQuiet()
    }

    func becomeQuiet() {
        guard !isBusy else { return }
        // All of them: one that was cancelled meanwhile would let the others wait for ever.
        let waiting = line
        line = []
        for waiter in waiting { waiter.finish(.success(())) }
        guard let onQuiet else { return }
        self.onQuiet = nil
        onQuiet()
    }

    // MARK: Stale statements

    /// A changed table makes a cached plan invalid, and `DISCARD ALL` forgets statements: the next use prepares anew.
    private func discardIfStale(_ statement: PreparedStatement, _ result: Result<PostgresResult, PostgresError>) {
        guard case .failure(let error) = result, isAboutStaleness(error), statement.isPrepared else { return }
        if error.sqlState == .invalidStatementName { statement.isPrepared = false }
        statements.discard(statement)
    }

    /// The statement did nothing, so it can be run again, unless a transaction has failed by it.
    func mayRepeat(after error: PostgresError) -> Bool {
        guard isAboutStaleness(error), isOpen, !isBusy, let handle else { return false }
        return PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    private func isAboutStaleness(_ error: PostgresError) -> Bool {
        error.sqlState == .featureNotSupported || error.sqlState == .invalidStatementName
    }
}
