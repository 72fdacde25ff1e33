import Platform

/// Redis for the whole program: one ``RedisClient`` a loop; a caller on a loop uses its own, others use the first.
public struct Redis: Service {
    private let configuration: RedisConfiguration
    let clients: [RedisClient]

    /// - Parameter loops: at least one; started before ``start()``, stopped after ``stop()``.
    public init(configuration: RedisConfiguration, loops: [EventLoop], log: Logger) {
        precondition(!loops.isEmpty, "Redis needs an event loop")
        self.configuration = configuration
        let log = log.with(component: "redis")
        let reporter = ConnectivityReporter(log: log, endpoint: configuration.description)
        clients = loops.map {
            RedisClient(loop: $0, configuration: configuration, log: log, reporter: reporter)
        }
    }

    /// The client of the loop that runs, or the first.
    private var client: RedisClient {
        if let loop = EventLoop.current {
            for client in clients where client.loop === loop { return client }
        }
        return clients[0]
    }

    public var name: String { "redis" }

    // MARK: Life

    /// Connects. A server that is merely away is no failure: attempts go on, and commands fail at once meanwhile.
    ///
    /// - Throws: ``RedisError`` that needs an operator: files of the TLS options, a refused certificate, a refused
    ///   password, a server that is too old.
    public func start() async throws {
        var tlsContext: TLSContext?
        if let options = configuration.tls { tlsContext = try TLSContext(options) }
        do {
            try await connect(tlsContext)
        } catch {
            await stop()
            throw error
        }
    }

    private func connect(_ tlsContext: TLSContext?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                group.addTask {
                    do {
                        try await client.loop.run { try await client.start(tlsContext: tlsContext) }
                    } catch let error as RedisError where !error.isPermanent {}
                }
            }
            try await group.waitForAll()
        }
    }

    /// Waits for replies under way, closes the connections and ends the subscriptions.
    public func stop() async {
        for client in clients { await client.loop.run { await client.stop() } }
    }

    // MARK: Commands

    /// Sends one command: `try await redis.send(["GET", .text(key)])`.
    ///
    /// - Throws: ``RedisError``, ``RedisError/server(_:)`` for an error reply; `CancellationError`.
    nonisolated(nonsending) public func send(_ command: [RedisArgument]) async throws -> RedisValue {
        let client = client
        if client.loop.isInLoop { return try await client.send(command) }
        return try await client.loop.run { try await client.send(command) }
    }

    /// Sends commands in one write. Replies come in the commands' order; error replies are values among them.
    nonisolated(nonsending) public func pipeline(_ commands: [[RedisArgument]]) async throws -> [RedisValue] {
        let client = client
        if client.loop.isInLoop { return try await client.pipeline(commands) }
        return try await client.loop.run { try await client.pipeline(commands) }
    }

    /// Runs a script: EVALSHA, then EVAL where the server doesn't know it yet.
    nonisolated(nonsending) public func eval(
        _ script: RedisScript, keys: [RedisArgument], arguments: [RedisArgument] = []
    ) async throws -> RedisValue {
        let client = client
        if client.loop.isInLoop { return try await client.eval(script, keys: keys, arguments: arguments) }
        return try await client.loop.run { try await client.eval(script, keys: keys, arguments: arguments) }
    }

    /// The time of a round trip.
    public func ping() async throws -> Duration {
        let start = MonotonicTime.now
        _ = try await send(["PING"])
        return MonotonicTime.now.duration(since: start)
    }

    // MARK: Subscriptions

    /// Subscribes to channels, now or as soon as Redis is there; see ``RedisSubscriptionEvent`` for what comes.
    public func subscribe(_ channels: [String]) -> RedisSubscription {
        precondition(!channels.isEmpty, "a subscription needs a channel")
        let client = client
        let feed = SubscriptionFeed()
        client.loop.execute { client.subscribe(feed, channels: channels) }
        return RedisSubscription(channels: channels, feed: feed) {
            client.loop.execute { client.unsubscribe(feed) }
        }
    }

    /// Sends a message to all subscribers of a channel; the number of those that got it.
    @discardableResult
    public func publish(_ payload: [UInt8], to channel: String) async throws -> Int {
        let reply = try await send(["PUBLISH", .text(channel), .bytes(payload)])
        guard case .integer(let count) = reply else { throw RedisError.unexpectedReply("PUBLISH without a number") }
        return count
    }
}
