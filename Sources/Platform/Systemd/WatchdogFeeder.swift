/// Feeds systemd's watchdog for as long as the service really works: every event loop answers a ping in time, and the check
/// of the request path passes. When one doesn't, nothing is sent, and systemd restarts the service once its interval passes.
///
/// It runs on the first loop, so that a busy thread pool elsewhere neither feeds nor starves it.
public final class WatchdogFeeder: Service {
    /// What was found wrong, or nil.
    public typealias Check = @Sendable () async throws -> Void

    public let name = "watchdog"
    private let interval: Duration
    private let loops: [EventLoop]
    private let check: Check
    private let feed: @Sendable () -> Void
    private let log: Logger
    private let task = Lock<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - interval: systemd's interval, from ``SystemdNotifier/watchdogInterval()``; a round is made three times in it.
    ///   - loops: every event loop; at least one.
    ///   - check: throws when the service can't do its work. It has to end within a third of the interval.
    public init(
        interval: Duration, loops: [EventLoop], log: Logger,
        feed: @escaping @Sendable () -> Void = { SystemdNotifier().feedWatchdog() }, check: @escaping Check
    ) {
        precondition(!loops.isEmpty, "a watchdog needs event loops to watch")
        self.interval = interval
        self.loops = loops
        self.check = check
        self.feed = feed
        self.log = log
    }

    public func start() async throws {
        let task = Task(executorPreference: loops[0]) { await self.run() }
        self.task.withLock { $0 = task }
    }

    public func stop() async {
        let task = task.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
    }

    private func run() async {
        while !Task.isCancelled {
            await makeRound()
            try? await loops[0].sleep(for: interval / 3)
        }
    }

    private func makeRound() async {
        let limit = interval / 3
        do {
            try await pingLoops(within: limit)
            try await runCheck(within: limit)
            if !Task.isCancelled { feed() }
        } catch is CancellationError {
            return
        } catch {
            log.error("watchdog was not fed", ["reason": String(describing: error)])
        }
    }

    /// Sends all pings first, then waits: the loops answer side by side.
    private func pingLoops(within limit: Duration) async throws {
        let home = loops[0]
        let pings = loops.map { loop in
            let waiter = LoopWaiter<Void>(loop: home)
            loop.execute { home.execute { waiter.finish(.success(())) } }
            return (loop: loop, waiter: waiter)
        }
        let deadline = MonotonicTime.now.advanced(by: limit)
        for ping in pings {
            let rest = deadline.duration(since: .now)
            try await ping.waiter.wait(
                atMost: max(rest, .zero), onTimeout: .failure(WatchdogProblem.silentLoop(ping.loop.name)))
        }
    }

    private func runCheck(within limit: Duration) async throws {
        let waiter = LoopWaiter<Void>(loop: loops[0])
        let loop = loops[0]
        let checking = Task(executorPreference: loop) { [check] in
            let result: Result<Void, any Error>
            do {
                result = .success(try await check())
            } catch {
                result = .failure(error)
            }
            loop.execute { waiter.finish(result) }
        }
        defer { checking.cancel() }
        try await waiter.wait(atMost: limit, onTimeout: .failure(WatchdogProblem.slowCheck))
    }
}

enum WatchdogProblem: Error, CustomStringConvertible {
    case silentLoop(String)
    case slowCheck

    var description: String {
        switch self {
        case .silentLoop(let name): "event loop \(name) did not answer"
        case .slowCheck: "the check of the request path did not end"
        }
    }
}
