import CLibpq
import Platform

extension PostgresChannel {
    /// How long the server's answer to an abandoned statement may take before the connection is dropped.
    private static let drainLimit = Duration.seconds(2)
    /// The server's own time limit comes first; the client's is for a server that doesn't answer.
    private static let grace = Duration.milliseconds(500)

    /// A statement with its parameters, ready to be sent.
    struct Prepared: Sendable {
        let sql: String
        let parameters: PostgresParameters
    }

    // MARK: Entry points

    /// Runs one statement, prepared and cached by its text.
    func query(_ prepared: Prepared, timeout: Duration?, lease: UInt64) async throws -> PostgresResult {
        do {
            return try await queryOnce(prepared, timeout: timeout, lease: lease)
        } catch let error as PostgresError where mayRepeat(after: error) {
            return try await queryOnce(prepared, timeout: timeout, lease: lease)
        }
    }

    private func queryOnce(_ prepared: Prepared, timeout: Duration?, lease: UInt64) async throws -> PostgresResult {
        let output = try await perform(timeout: timeout, lease: lease) { [self] operation in
            let statement = statements.statement(for: prepared.sql)
            if statement.isPrepared, pendingBegin == nil {
                operation.statement = statement
                return sendExecute(statement, prepared.parameters)
            }
            return sendPipeline([(statement, prepared.parameters)], mode: .allOrNothing, &operation)
        }
        guard case .one(let result) = output else { throw PostgresError.misuse("a query gave several results") }
        return result
    }

    /// Runs several statements in one round trip.
    func pipeline(
        _ prepared: [Prepared], mode: PostgresPipelineMode, timeout: Duration?, lease: UInt64
    ) async throws -> [Result<PostgresResult, PostgresError>] {
        guard !prepared.isEmpty else { return [] }
        let output = try await perform(timeout: timeout, lease: lease, count: prepared.count) { [self] operation in
            let all = prepared.map { (statements.statement(for: $0.sql), $0.parameters) }
            return sendPipeline(all, mode: mode, &operation)
        }
        guard case .many(let results) = output else { throw PostgresError.misuse("a pipeline gave one result") }
        return results
    }

    /// Runs a script of any number of statements without parameters, by the simple protocol.
    ///
    /// - Parameter isShielded: whether a cancelled task still waits for the end.
    @discardableResult
    func script(
        _ sql: String, timeout: Duration?, lease: UInt64, isShielded: Bool = false
    ) async throws -> PostgresResult {
        if let begin = pendingBegin, !isShielded {
            pendingBegin = nil
            try await script(begin, timeout: timeout, lease: lease)
        }
        guard !sql.holdsNUL else {
            throw PostgresError.invalidParameter("the script contains a NUL character")
        }
        let output = try await perform(timeout: timeout, lease: lease, isShielded: isShielded) { [self] _ in
            PQsendQuery(handle, sql) == 1
        }
        guard case .one(let result) = output else { throw PostgresError.misuse("a script gave several results") }
        return result
    }

    // MARK: One operation

    private func perform(
        timeout: Duration?, lease: UInt64, count: Int? = nil, isShielded: Bool = false,
        _ send: (inout PostgresOperation) -> Bool
    ) async throws -> PostgresOperation.Output {
        loop.preconditionInLoop()
        if !isShielded { try Task.checkCancellation() }
        while isBusy, isOpen { try await waitInLine(isShielded: isShielded) }
        guard lease == self.lease else {
            throw PostgresError.misuse("a connection was used after its lease had ended")
        }
        guard isOpen else { throw PostgresError.unavailable("the connection was lost") }
        lastSerial += 1
        let serial = lastSerial
        let limit = timeout ?? (configuration.statementTimeout + Self.grace)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                var started = PostgresOperation(
                    serial: serial, continuation: continuation, deadline: MonotonicTime.now.advanced(by: limit),
                    wantsOne: count == nil, results: Array(repeating: nil, count: count ?? 1))
                let wasSent = send(&started)
                operation = started
                armTimer(for: started.deadline)
                if wasSent {
                    flush()
                } else {
                    close(connectionError("a statement couldn't be sent"))
                }
            }
        } onCancel: {
            guard !isShielded else { return }
            loop.execute { self.abandon(serial, CancellationError()) }
        }
    }

    private func waitInLine(isShielded: Bool) async throws {
        let waiter = LoopWaiter<Void>(loop: loop)
        line.append(waiter)
        if isShielded {
            // An unstructured task doesn't inherit the cancellation that must not disturb this wait.
            try await Task(executorPreference: loop) { try await waiter.wait() }.value
        } else {
            try await waiter.wait()
        }
    }

    /// The caller waits no longer; the server is asked to stop, and the connection is busy until it has.
    func abandon(_ serial: UInt64, _ error: any Error) {
        guard operation?.serial == serial, let continuation = operation?.continuation else { return }
        operation?.continuation = nil
        let deadline = MonotonicTime.now.advanced(by: Self.drainLimit)
        operation?.deadline = deadline
        armTimer(for: deadline)
        requestCancel()
        continuation.resume(throwing: error)
    }

    /// `PQcancel` opens a connection of its own and blocks, so it gets a thread. Until it has returned, nothing new may be
    /// sent: the request would hit that instead.
    private func requestCancel() {
        guard let handle, let cancel = PQgetCancel(handle) else { return }
        let request = CancelRequest(pointer: cancel)
        cancelIsRunning = true
        cancelDeadline = MonotonicTime.now.advanced(by: Self.drainLimit)
        let started = BlockingCall.start { [loop] in
            request.send()
            loop.execute { self.cancelEnded() }
        }
        if !started { close(.unavailable("the statement couldn't be cancelled")) }
    }

    private func cancelEnded() {
        cancelIsRunning = false
        becomeQuiet()
    }

    // MARK: Time limits

    /// One timer serves many operations: it is set again only when it fires, or when a limit is earlier.
    private func armTimer(for deadline: MonotonicTime) {
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = loop.schedule(after: max(.zero, deadline.duration(since: .now))) { [weak self] in
            self?.timerDeadline = nil
            self?.checkDeadline()
        }
    }

    /// A statement beyond its time limit is cancelled, a connection that doesn't react to that is dropped.
    private func checkDeadline() {
        guard isOpen else { return }
        if let operation, operation.deadline <= .now {
            if operation.continuation == nil {
                close(.unavailable("the server didn't react to the cancellation of a statement"))
            } else {
                abandon(operation.serial, PostgresError.timeout)
            }
        }
        if isOpen, cancelIsRunning, cancelDeadline <= .now {
            close(.unavailable("the server didn't take the cancellation of a statement"))
        }
        if let operation { armTimer(for: operation.deadline) }
        if cancelIsRunning, isOpen { armTimer(for: cancelDeadline) }
    }
}

/// What `PQcancel` needs: a copy of the connection's address and key.
///
/// `@unchecked Sendable`: made on the loop, then used and freed by one other thread (PostgreSQL's documentation says that
/// `PQcancel` may be called from a thread of its own).
private final class CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQfreeCancel(pointer) }

    func send() {
        // A request that fails changes nothing: the connection is dropped when its time to react is over.
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(pointer, &message, Int32(message.count))
    }
}
