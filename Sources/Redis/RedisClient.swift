import Platform

/// The client of one loop: one connection for commands, which are pipelined, and one for subscriptions when needed.
///
/// What is sent during one turn of the loop goes out in one write; replies come in order. A command that was sent is
/// never repeated: when its connection is lost, it fails, and may or may not have been carried out.
///
/// `@unchecked Sendable`: every stored property but the constants is touched on the loop's thread only.
public final class RedisClient: @unchecked Sendable {
    public let loop: EventLoop
    private let configuration: RedisConfiguration
    private let reporter: ConnectivityReporter
    private let subscriptions: SubscriptionHub
    let counters = RedisCounters()
    private var keeper: ConnectionKeeper?
    private var flusher: Flusher?
    private var firstOutcome: LoopWaiter<String>?
    private var lastFailure: RedisError = .unavailable("the client has not been started")

    init(loop: EventLoop, configuration: RedisConfiguration, log: Logger, reporter: ConnectivityReporter) {
        self.loop = loop
        self.configuration = configuration
        self.reporter = reporter
        subscriptions = SubscriptionHub(loop: loop, configuration: configuration, log: log)
    }

    // MARK: Life

    /// Begins to connect and waits for the first outcome. After a failure attempts go on until ``stop()``.
    ///
    /// - Throws: the first attempt's error.
    func start(tlsContext: TLSContext?) async throws {
        loop.preconditionInLoop()
        precondition(keeper == nil, "a Redis client was started twice")
        let outcome = LoopWaiter<String>(loop: loop)
        firstOutcome = outcome
        let keeper = ConnectionKeeper(
            loop: loop, configuration: configuration, tlsContext: tlsContext, counters: counters,
            handlers: .init(
                connected: { [unowned self] _, version in connected(version) },
                failed: { [unowned self] error in failed(error) }))
        self.keeper = keeper
        let flusher = Flusher(keeper)
        self.flusher = flusher
        loop.add(flusher)
        subscriptions.prepare(tlsContext: tlsContext)
        keeper.start()
        let limit = configuration.connectTimeout * 2
        _ = try await outcome.wait(
            atMost: limit, onTimeout: .failure(RedisError.unavailable("no connection within \(limit)")))
    }

    private func connected(_ version: String) {
        counters.noteConnection()
        reporter.connected(version: version, loop: loop.name)
        firstOutcome?.finish(.success(version))
    }

    private func failed(_ error: RedisError) {
        lastFailure = error
        counters.noteLoss()
        reporter.failed(error, loop: loop.name)
        firstOutcome?.finish(.failure(error))
    }

    /// Waits for replies under way, at most as long as a command may take, and closes the connections.
    func stop() async {
        loop.preconditionInLoop()
        guard let keeper else { return }
        self.keeper = nil
        lastFailure = .unavailable("the client was stopped")
        subscriptions.stop()
        if let connection = keeper.ready, connection.hasPendingReplies {
            let drained = LoopWaiter<Void>(loop: loop)
            connection.append(
                ["PING"], PendingReply(expected: 1, receiver: .function { _ in drained.finish(.success(())) }))
            connection.flush()
            try? await drained.wait(atMost: configuration.commandTimeout, onTimeout: .success(()))
        }
        keeper.stop()
        counters.noteLoss()
        if let flusher { loop.remove(flusher) }
        flusher = nil
    }

    // MARK: Commands

    /// Whether commands can be sent now.
    public var isConnected: Bool {
        loop.preconditionInLoop()
        return keeper?.ready != nil
    }

    private func connection(for count: Int) throws(RedisError) -> RedisConnection {
        guard let connection = keeper?.ready else {
            counters.noteFailures(count)
            throw .unavailable(lastFailure.reason)
        }
        if let refusal = connection.refusal(of: count) {
            counters.noteFailures(count)
            throw refusal
        }
        return connection
    }

    /// Sends a command. Call it on the loop.
    ///
    /// - Throws: ``RedisError``; `CancellationError` when the task was cancelled, while the command may be carried out.
    nonisolated(nonsending) public func send(_ command: [RedisArgument]) async throws -> RedisValue {
        loop.preconditionInLoop()
        let connection = try connection(for: 1)
        let reply = PendingReply(expected: 1)
        let value = try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                reply.attach(.one(continuation))
                connection.append(command, reply)
            }
        } onCancel: {
            loop.execute { reply.cancel() }
        }
        if case .error(let error) = value { throw RedisError(error) }
        return value
    }

    /// Sends commands together; the replies are in the commands' order, errors among them. Call it on the loop.
    ///
    /// - Throws: ``RedisError`` when there are no replies; `CancellationError`.
    nonisolated(nonsending) public func pipeline(_ commands: [[RedisArgument]]) async throws -> [RedisValue] {
        loop.preconditionInLoop()
        guard !commands.isEmpty else { return [] }
        let connection = try connection(for: commands.count)
        let reply = PendingReply(expected: commands.count)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                reply.attach(.many(continuation))
                connection.append(commands, reply)
            }
        } onCancel: {
            loop.execute { reply.cancel() }
        }
    }

    /// Runs a script by its digest, and by its source where the server doesn't know it. Call it on the loop.
    nonisolated(nonsending) public func eval(
        _ script: RedisScript, keys: [RedisArgument], arguments: [RedisArgument]
    ) async throws -> RedisValue {
        let rest = [.integer(keys.count)] + keys + arguments
        if let digest = script.digest {
            do {
                return try await send(["EVALSHA", .text(digest)] + rest)
            } catch RedisError.server(let error) where error.code == "NOSCRIPT" {}
        }
        return try await send(["EVAL", .text(script.source)] + rest)
    }

    // MARK: Subscriptions

    /// Call it on the loop.
    func subscribe(_ feed: SubscriptionFeed, channels: [String]) {
        loop.preconditionInLoop()
        subscriptions.add(feed, channels: channels)
    }

    func unsubscribe(_ feed: SubscriptionFeed) { subscriptions.remove(feed) }
}

/// Writes at the end of a turn what was queued in it.
private final class Flusher: EventLoopParticipant {
    private unowned let keeper: ConnectionKeeper

    init(_ keeper: ConnectionKeeper) { self.keeper = keeper }

    var maximumWait: Int32? { nil }
    var needsTurn: Bool { keeper.ready?.hasUnsentOutput == true }
    func endOfTurn() { if needsTurn { keeper.ready?.flush() } }
}
