/// Starts services in order and stops them in reverse, each stop within a time limit.
public struct ServiceGroup: Sendable {
    private let services: [any Service]
    private let stopLimit: Duration
    private let clock: any Clock<Duration>
    private let log: Logger
    private let started: Started

    /// - Parameters:
    ///   - services: in the order of starting: each one may use those before it.
    ///   - stopLimit: how long one service may take to stop before it is left behind.
    public init(
        _ services: [any Service], stopLimit: Duration, log: Logger, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.services = services
        self.stopLimit = stopLimit
        self.log = log
        self.clock = clock
        started = Started()
    }

    /// Starts every service. When one fails, those before it are stopped again.
    ///
    /// - Parameter progress: called with the name of each service before it starts, for the operator to see what is waited for.
    /// - Throws: ``ServiceStartError`` with the service's own error.
    public func start(progress: (String) -> Void = { _ in }) async throws(ServiceStartError) {
        for service in services {
            progress(service.name)
            let begin = MonotonicTime.now
            do {
                try await service.start()
            } catch {
                log.error("service failed to start", ["service": service.name, "error": String(describing: error)])
                await stop()
                throw ServiceStartError(service: service.name, cause: error)
            }
            started.push(service)
            log.debug("service started", ["service": service.name, "milliseconds": elapsed(since: begin)])
        }
    }

    /// Stops what was started, last first. A service that doesn't stop in time is logged and left behind.
    public func stop() async {
        while let service = started.pop() {
            let begin = MonotonicTime.now
            let inTime = await finishes(within: stopLimit, on: clock) { await service.stop() }
            let fields: Logger.Fields = ["service": service.name, "milliseconds": elapsed(since: begin)]
            if inTime {
                log.debug("service stopped", fields)
            } else {
                log.error("service did not stop in time and is left behind", fields)
            }
        }
    }

    private func elapsed(since begin: MonotonicTime) -> String {
        String(MonotonicTime.now.nanoseconds(since: begin) / 1_000_000)
    }

    private final class Started: Sendable {
        private let services = Lock<[any Service]>([])

        func push(_ service: any Service) { services.withLock { $0.append(service) } }
        func pop() -> (any Service)? { services.withLock { $0.popLast() } }
    }
}

/// A service that could not start, and why.
public struct ServiceStartError: Error, CustomStringConvertible {
    public let service: String
    public let cause: any Error

    public var description: String { "\(service) could not start: \(cause)" }
}

/// Runs work that may ignore cancellation, and waits for it no longer than the limit.
///
/// - Returns: whether the work finished in time. If not, its task is cancelled and goes on by itself.
func finishes(
    within limit: Duration, on clock: any Clock<Duration>, _ work: @escaping @Sendable () async -> Void
) async -> Bool {
    let race = Race()
    let worker = Task {
        await work()
        race.finish(true)
    }
    let timer = Task {
        try? await clock.sleep(for: limit)
        race.finish(false)
    }
    let inTime = await race.result()
    timer.cancel()
    if !inTime { worker.cancel() }
    return inTime
}

/// The first of several results.
private final class Race: Sendable {
    private enum State {
        case waiting(CheckedContinuation<Bool, Never>?)
        case finished(Bool)
    }
    private let state = Lock(State.waiting(nil))

    func finish(_ value: Bool) {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard case .waiting(let waiter) = state else { return nil }
            state = .finished(value)
            return waiter
        }
        waiter?.resume(returning: value)
    }

    func result() async -> Bool {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state -> Bool? in
                if case .finished(let value) = state { return value }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
