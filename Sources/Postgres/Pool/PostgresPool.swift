import Platform
import Synchronization

/// The connections of one event loop. Decisions are the state machine's; this carries them out.
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, which the entry points check, except for the
/// atomics of the statistics.
public final class PostgresPool: @unchecked Sendable {
    public let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let log: Logger
    private var machine: PostgresPoolStateMachine
    private var channels: [PostgresChannel?]
    private var waiting: [UInt64: LoopWaiter<PostgresChannel>] = [:]
    private var nextWaiter: UInt64 = 1
    private var nextLease: UInt64 = 1
    private var ticker: LoopTimer?
    private var tickerIsFast = false
    private var drained: LoopWaiter<Void>?
    private var firstAttempt: LoopWaiter<Void>?
    private var wasDown = false
    private let counts = Counts()

    public init(configuration: PostgresConfiguration, loop: EventLoop, log: Logger) {
        self.configuration = configuration
        self.loop = loop
        self.log = log
        var limits = PostgresPoolStateMachine.Configuration()
        limits.maximumSize = max(1, configuration.poolSize)
        limits.minimumIdle = min(max(1, configuration.minimumIdle), limits.maximumSize)
        limits.leaseTimeout = configuration.leaseTimeout
        limits.unavailableWait = configuration.unavailableWait
        limits.idleTimeout = configuration.idleTimeout
        limits.keepAliveInterval = configuration.keepAliveInterval
        machine = PostgresPoolStateMachine(limits)
        channels = Array(repeating: nil, count: limits.maximumSize)
        counts.maximumSize.store(limits.maximumSize, ordering: .relaxed)
    }

    /// A snapshot; may be read from any thread.
    public var statistics: PostgresPoolStatistics { counts.snapshot }

    // MARK: Life

    /// Starts to connect and waits for the first attempt's outcome.
    ///
    /// - Throws: the attempt's error; the pool tries on by itself, so a server that comes later is found.
    func start() async throws {
        loop.preconditionInLoop()
        let waiter = LoopWaiter<Void>(loop: loop)
        firstAttempt = waiter
        perform(machine.start(now: .now))
        armTicker()
        try await waiter.wait(
            atMost: configuration.connectTimeout * 2,
            onTimeout: .failure(PostgresError.unavailable("no connection within \(configuration.connectTimeout)")))
    }

    /// Refuses new leases, closes what is idle, and waits for the leases that exist, at most for the given time.
    func stop(atMost limit: Duration) async {
        loop.preconditionInLoop()
        perform(machine.shutDown())
        if !machine.isDrained {
            let waiter = LoopWaiter<Void>(loop: loop)
            drained = waiter
            // A cancelled or late stop closes the rest all the same.
            _ = try? await waiter.wait(atMost: limit, onTimeout: .success(()))
        }
        ticker?.cancel()
        for channel in channels { channel?.close(.unavailable("the pool is closed")) }
    }

    // MARK: Leases

    /// Lends a connection to the body. Call it on the loop.
    public func withConnection<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        loop.preconditionInLoop()
        let channel = try await lease()
        let connection = PostgresConnection(channel: channel, lease: channel.lease)
        do {
            let value = try await body(connection)
            release(channel)
            return value
        } catch {
            release(channel)
            throw error
        }
    }

    private func lease() async throws -> PostgresChannel {
        let id = nextWaiter
        nextWaiter += 1
        switch machine.lease(id, now: .now) {
        case .use(let slot): return lend(slot)
        case .fail(let error): throw error
        case .wait(let actions):
            let waiter = LoopWaiter<PostgresChannel>(loop: loop)
            waiting[id] = waiter
            perform(actions)
            armTicker()
            return try await wait(waiter, id)
        }
    }

    private func wait(_ waiter: LoopWaiter<PostgresChannel>, _ id: UInt64) async throws -> PostgresChannel {
        try await waiter.wait(onCancel: { [self] in
            waiting[id] = nil
            machine.cancel(id)
            publish()
        })
    }

    private func lend(_ slot: Int) -> PostgresChannel {
        guard let channel = channels[slot] else { preconditionFailure("slot \(slot) has no connection") }
        channel.lease = nextLease
        nextLease += 1
        publish()
        return channel
    }

    private func release(_ channel: PostgresChannel) {
        loop.preconditionInLoop()
        channel.lease = 0
        guard let slot = slot(of: channel) else { return }
        if channel.isClean {
            perform(machine.release(slot, now: .now))
        } else if channel.isBusy, channel.operation?.continuation == nil {
            // A cancelled statement is on its way out: the connection is as good as before when it has ended.
            channel.onQuiet = { [self] in
                if self.slot(of: channel) != nil { release(channel) }
            }
        } else {
            channel.close(.unavailable("the connection was left in an unknown state"))
        }
    }

    private func slot(of channel: PostgresChannel) -> Int? { channels.firstIndex { $0 === channel } }

    // MARK: Actions

    private func perform(_ actions: [PostgresPoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .connect(let slot): connect(slot)
            case .lease(let slot, let id): hand(slot, to: id)
            case .fail(let id, let error): waiting.removeValue(forKey: id)?.finish(.failure(error))
            case .check(let slot): check(slot)
            case .close(let slot): closeSlot(slot)
            case .retry(let delay):
                loop.schedule(after: delay) { [weak self] in
                    guard let self else { return }
                    perform(machine.retry(now: .now))
                }
            }
        }
        publish()
        if machine.isDrained { drained?.finish(.success(())) }
    }

    private func hand(_ slot: Int, to id: UInt64) {
        guard let waiter = waiting.removeValue(forKey: id), !waiter.isFinished else {
            preconditionFailure("waiter \(id) has left without saying so")
        }
        waiter.finish(.success(lend(slot)))
    }

    private func connect(_ slot: Int) {
        Task(executorPreference: loop) { [self] in
            do {
                let channel = try await PostgresChannel.open(configuration, loop: loop)
                guard channel.isOpen else { throw PostgresError.unavailable("the connection was lost at once") }
                channels[slot] = channel
                channel.onClose = { [weak self, weak channel] error in
                    guard let self, let channel else { return }
                    lost(channel, error)
                }
                noteUp()
                perform(machine.connected(slot, now: .now))
                firstAttempt?.finish(.success(()))
            } catch {
                let error = error as? PostgresError ?? .unavailable("\(error)")
                noteDown(error)
                let jitter = Double.random(in: -1...1)
                perform(machine.connectFailed(slot, error, now: .now, jitter: jitter))
                firstAttempt?.finish(.failure(error))
            }
        }
    }

    private func lost(_ channel: PostgresChannel, _ error: PostgresError) {
        guard let slot = slot(of: channel) else { return }
        channels[slot] = nil
        log.debug("connection lost", ["reason": "\(error)"])
        perform(machine.lost(slot, now: .now))
    }

    private func closeSlot(_ slot: Int) {
        guard let channel = channels[slot] else { return }
        channels[slot] = nil
        channel.onClose = nil
        channel.close(.unavailable("the connection was closed"))
    }

    /// Asks an idle connection for a sign of life; one that gives none is dropped.
    private func check(_ slot: Int) {
        guard let channel = channels[slot] else { return }
        Task(executorPreference: loop) { [self] in
            do {
                try await channel.script("", timeout: .seconds(2), lease: channel.lease)
                perform(machine.checked(slot, now: .now))
            } catch {
                channel.close(.unavailable("an idle connection gave no sign of life"))
            }
        }
    }

    // MARK: Time

    /// Often while someone waits, seldom otherwise.
    private func armTicker() {
        let mustBeFast = machine.waitingCount > 0
        guard ticker == nil || (mustBeFast && !tickerIsFast) else { return }
        ticker?.cancel()
        tickerIsFast = mustBeFast
        ticker = loop.schedule(after: mustBeFast ? .milliseconds(20) : .seconds(1)) { [weak self] in
            guard let self else { return }
            ticker = nil
            perform(machine.tick(now: .now))
            if !machine.isDrained { armTicker() }
        }
    }

    // MARK: What others see

    private func noteDown(_ error: PostgresError) {
        guard !wasDown else { return }
        wasDown = true
        log.error("PostgreSQL is unavailable", ["server": "\(configuration)", "reason": "\(error)"])
    }

    private func noteUp() {
        guard wasDown else { return }
        wasDown = false
        log.notice("PostgreSQL is available again", ["server": "\(configuration)"])
    }

    private func publish() {
        counts.size.store(machine.size, ordering: .relaxed)
        counts.idle.store(machine.idleCount, ordering: .relaxed)
        counts.leased.store(machine.leased, ordering: .relaxed)
        counts.waiting.store(machine.waitingCount, ordering: .relaxed)
        counts.peakSize.store(machine.peakSize, ordering: .relaxed)
    }

    private final class Counts: Sendable {
        let size = Atomic<Int>(0)
        let idle = Atomic<Int>(0)
        let leased = Atomic<Int>(0)
        let waiting = Atomic<Int>(0)
        let peakSize = Atomic<Int>(0)
        let maximumSize = Atomic<Int>(0)

        var snapshot: PostgresPoolStatistics {
            var statistics = PostgresPoolStatistics()
            statistics.size = size.load(ordering: .relaxed)
            statistics.idle = idle.load(ordering: .relaxed)
            statistics.leased = leased.load(ordering: .relaxed)
            statistics.waiting = waiting.load(ordering: .relaxed)
            statistics.peakSize = peakSize.load(ordering: .relaxed)
            statistics.maximumSize = maximumSize.load(ordering: .relaxed)
            return statistics
        }
    }
}
