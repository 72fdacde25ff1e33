import Platform

/// Keeps one connection: connects, and after a loss or a failed attempt connects again, with pauses.
///
/// Confined to its loop.
final class ConnectionKeeper {
    struct Handlers {
        var connected: (RedisConnection, _ version: String) -> Void
        /// A connection was lost, or an attempt failed.
        var failed: (RedisError) -> Void
        var pushed: ((RedisValue) -> Void)?
    }

    private enum State {
        case stopped
        case resolving
        case open(RedisConnection)
        case pausing(LoopTimer)
    }

    private let loop: EventLoop
    private let configuration: RedisConfiguration
    private let tlsContext: TLSContext?
    private let counters: RedisCounters?
    private let handlers: Handlers
    private var state = State.stopped
    private var backoff = Backoff()
    /// Lookups can't be called off; the answers of older starts are ignored.
    private var generation = 0

    init(
        loop: EventLoop, configuration: RedisConfiguration, tlsContext: TLSContext?, counters: RedisCounters? = nil,
        handlers: Handlers
    ) {
        self.loop = loop
        self.configuration = configuration
        self.tlsContext = tlsContext
        self.counters = counters
        self.handlers = handlers
    }

    /// The connection that takes commands now.
    private(set) var ready: RedisConnection?

    func start() {
        loop.preconditionInLoop()
        guard case .stopped = state else { return }
        backoff.reset()
        attempt()
    }

    func stop() {
        loop.preconditionInLoop()
        generation += 1
        let old = state
        state = .stopped
        ready = nil
        switch old {
        case .open(let connection): connection.close(.unavailable("the client was stopped"))
        case .pausing(let timer): timer.cancel()
        case .resolving, .stopped: break
        }
    }

    private func attempt() {
        state = .resolving
        switch configuration.endpoint {
        case .unix(let path):
            open([SocketAddress(unixPath: path)])
        case .tcp(let host, let port):
            let expected = generation
            let keeper = LoopConfined(self)
            NameResolver.resolve(host: host, port: port, loop: loop) { outcome in
                let keeper = keeper.value
                guard keeper.generation == expected else { return }
                switch outcome {
                case .success(let addresses): keeper.open(addresses)
                case .failure(let error): keeper.retry(after: error)
                }
            }
        }
    }

    private func open(_ addresses: [SocketAddress]) {
        var connectionHandlers = RedisConnection.Handlers(
            ready: { [unowned self] version in
                guard case .open(let connection) = state else { return }
                backoff.reset()
                ready = connection
                handlers.connected(connection, version)
            },
            closed: { [unowned self] error in
                guard case .open = state else { return }
                retry(after: error)
            })
        connectionHandlers.pushed = handlers.pushed
        let connection = RedisConnection(
            loop: loop, configuration: configuration, tlsContext: tlsContext, counters: counters,
            handlers: connectionHandlers)
        state = .open(connection)
        connection.connect(to: addresses)
    }

    private func retry(after error: RedisError) {
        ready = nil
        let timer = loop.schedule(after: backoff.pause()) { [unowned self] in attempt() }
        state = .pausing(timer)
        handlers.failed(error)
    }
}

/// Carries an object that belongs to a loop through a `@Sendable` closure that runs on this loop.
///
/// `@unchecked Sendable`: the value is made and used on its loop only; elsewhere it is merely passed on.
struct LoopConfined<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
