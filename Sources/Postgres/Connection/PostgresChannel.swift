import CLibpq
import Platform

/// One connection to the server: libpq's, driven by the loop. One operation at a time; others wait in line.
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, which the entry points check; what comes from
/// other threads (cancellation) crosses over by `EventLoop.execute`.
final class PostgresChannel: @unchecked Sendable {
    enum State { case connecting, open, closed }

    let loop: EventLoop
    let configuration: PostgresConfiguration
    var state = State.connecting
    var handle: OpaquePointer?
    var watched: Int32 = -1
    var watchesWrite = false
    var connectWaiter: LoopWaiter<Void>?

    var statements: StatementCache
    var operation: PostgresOperation?
    var cancelIsRunning = false
    var cancelDeadline = MonotonicTime(nanoseconds: 0)
    var timer: LoopTimer?
    var timerDeadline: MonotonicTime?
    var lastSerial: UInt64 = 0
    /// Callers that wait for the operation under way to end.
    var line: [LoopWaiter<Void>] = []
    /// Sent together with the next statement.
    var pendingBegin: String?
    var isInTransactionBlock = false
    /// Changes with every lease, so that a connection used after its lease ended is recognised.
    var lease: UInt64 = 0

    /// Called once, when an open connection ends for whatever reason.
    var onClose: ((PostgresError) -> Void)?
    /// Called once when nothing is under way any more.
    var onQuiet: (() -> Void)?

    init(configuration: PostgresConfiguration, loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
        statements = StatementCache(limit: configuration.preparedStatementLimit)
    }

    deinit {
        // Only a channel that was never opened gets here with a handle: an open one is held by the loop's watch.
        if let handle { PQfinish(handle) }
    }

    var isOpen: Bool { state == .open }

    /// Whether a statement, or what an abandoned one left behind, is under way.
    var isBusy: Bool { operation != nil || cancelIsRunning }

    /// Whether the connection is in the state in which it came, and can serve anyone.
    var isClean: Bool {
        guard isOpen, !isBusy, !isInTransactionBlock, let handle else { return false }
        return PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    var isInTransaction: Bool {
        guard let handle else { return false }
        return PQtransactionStatus(handle) == PQTRANS_INTRANS
    }

    // MARK: Closing

    /// Ends the connection. Whoever waits for it gets the error.
    func close(_ error: PostgresError) {
        loop.preconditionInLoop()
        guard state != .closed else { return }
        let wasOpen = state == .open
        state = .closed
        timer?.cancel()
        timer = nil
        stopWatching()
        if let handle { PQfinish(handle) }
        handle = nil
        connectWaiter?.finish(.failure(error))
        connectWaiter = nil
        let continuation = operation?.continuation
        operation = nil
        continuation?.resume(throwing: error)
        let waiting = line
        line = []
        for waiter in waiting { waiter.finish(.failure(error)) }
        let (onClose, onQuiet) = (self.onClose, self.onQuiet)
        self.onClose = nil
        self.onQuiet = nil
        if wasOpen { onClose?(error) }
        onQuiet?()
    }

    func stopWatching() {
        if watched >= 0 { loop.unwatch(watched) }
        watched = -1
        watchesWrite = false
    }

    /// libpq's last message about the connection, without secrets.
    func connectionError(_ fallback: String = "the connection was lost") -> PostgresError {
        let message = handle.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
        let text = configuration.scrub(message).oneLine
        return .unavailable(text.isEmpty ? fallback : text)
    }

    // MARK: Readiness

    func handle(_ ready: Readiness) {
        guard let handle, isOpen else { return }
        if watchesWrite, ready.contains(.write) { flush() }
        guard isOpen, !ready.isDisjoint(with: [.read, .hangUp, .error, .peerClosed]) else { return }
        let isAlive = PQconsumeInput(handle) == 1
        if isAlive, watchesWrite { flush() }
        readResults()
        guard isOpen else { return }
        if !isAlive || PQstatus(handle) != CONNECTION_OK {
            close(connectionError())
        }
    }

    /// Sends what libpq has buffered, as far as the socket takes it.
    func flush() {
        guard let handle else { return }
        let status = PQflush(handle)
        guard status >= 0 else {
            // The server's last words, if any, are in the input: they explain more than a broken pipe.
            if PQconsumeInput(handle) == 1 { readResults() }
            if isOpen { close(connectionError()) }
            return
        }
        let mustWait = status == 1
        guard mustWait != watchesWrite else { return }
        watchesWrite = mustWait
        do {
            try loop.rewatch(watched, for: mustWait ? [.read, .write] : .read)
        } catch {
            close(.unavailable("\(error)"))
        }
    }
}
