import Platform

/// Work that is done again and again, a while after it was last done. An error is logged once, until it works again.
public final class PeriodicService: Service {
    public let name: String
    private let interval: Duration
    private let log: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private let work: @Sendable () async throws -> Void
    private let task = Lock<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - interval: from the end of one round to the next; also before the first.
    ///   - sleep: for tests to replace.
    public init(
        name: String, interval: Duration, log: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        work: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.interval = interval
        self.log = log
        self.sleep = sleep
        self.work = work
    }

    public func start() async throws {
        let running = Task { [self] in
            var isFailing = false
            while !Task.isCancelled {
                do { try await sleep(interval) } catch { return }
                isFailing = await round(wasFailing: isFailing)
            }
        }
        task.withLock { $0 = running }
    }

    public func stop() async {
        let running = task.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        await running?.value
    }

    /// - Returns: whether it failed.
    private func round(wasFailing: Bool) async -> Bool {
        do {
            try await work()
            if wasFailing { log.notice("background work works again", ["service": name]) }
            return false
        } catch is CancellationError {
            return wasFailing
        } catch {
            if !wasFailing { log.error("background work failed", ["service": name, "cause": "\(error)"]) }
            return true
        }
    }
}
