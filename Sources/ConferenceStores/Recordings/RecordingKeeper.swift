import Conference
import Platform

/// Looks after unfinished recordings until each is ready, failed or deleted. Every instance runs one; they share the work by
/// claims in the database.
public final class RecordingKeeper: Service {
    public let name = "recordings"

    private struct State {
        var tasks: [Task<Void, Never>] = []
        var sleeper: Task<Void, Never>?
        var isCalled = false
        var isFailing = false
    }

    private let driver: RecordingDriver
    private let store: any RecordingStoring
    private let metrics: RecordingMetrics
    private let interval: Duration
    private let workers: Int
    private let log: Logger
    private let state = Lock(State())

    /// - Parameters:
    ///   - interval: how long to wait when nothing was due, unless ``wake()`` is called.
    ///   - workers: recordings looked after at once: one whose recorder takes long to answer keeps no other waiting.
    public init(
        driver: RecordingDriver, store: any RecordingStoring, metrics: RecordingMetrics,
        interval: Duration = .seconds(1), workers: Int = 4, log: Logger
    ) {
        self.driver = driver
        self.store = store
        self.metrics = metrics
        self.interval = interval
        self.workers = workers
        self.log = log
    }

    public func start() async throws {
        let tasks = [Task { await work() }, Task { await count() }]
        state.withLock { $0.tasks = tasks }
    }

    /// What is under way is given up; it is found as it was by whoever comes next.
    public func stop() async {
        let tasks = state.withLock { state in
            state.sleeper?.cancel()
            defer { state.tasks = [] }
            return state.tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Something is due now.
    public func wake() {
        state.withLock { state in
            state.isCalled = true
            state.sleeper?.cancel()
        }
    }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            while !Task.isCancelled {
                if running == workers {
                    await group.next()
                    running -= 1
                }
                if let claimed = await claim() {
                    group.addTask { await self.attend(claimed) }
                    running += 1
                } else {
                    await pause()
                }
            }
        }
    }

    private func claim() async -> Recording? {
        do {
            let claimed = try await driver.claimNext()
            if state.withLock({ $0.isFailing.replace(with: false) }) { log.notice("recordings are looked after again") }
            return claimed
        } catch {
            report(error)
            return nil
        }
    }

    private func attend(_ claimed: Recording) async {
        do {
            try await driver.attend(claimed)
        } catch {
            report(error)
        }
    }

    private func report(_ error: any Error) {
        guard !(error is CancellationError), !Task.isCancelled else { return }
        metrics.errors.increment()
        guard !state.withLock({ $0.isFailing.replace(with: true) }) else { return }
        log.error("recordings can't be looked after", ["cause": "\(error)"])
    }

    private func pause() async {
        let sleeper = state.withLock { state -> Task<Void, Never>? in
            guard !state.isCalled else {
                state.isCalled = false
                return nil
            }
            let sleeper = Task { [interval] in _ = try? await Task.sleep(for: interval) }
            state.sleeper = sleeper
            return sleeper
        }
        await withTaskCancellationHandler {
            await sleeper?.value
        } onCancel: {
            sleeper?.cancel()
        }
    }

    private func count() async {
        while !Task.isCancelled {
            if let counts = try? await store.unfinished() { metrics.show(counts) }
            do { try await Task.sleep(for: .seconds(15)) } catch { return }
        }
    }
}

extension Bool {
    /// Sets another value and returns the one before.
    fileprivate mutating func replace(with value: Bool) -> Bool {
        defer { self = value }
        return self
    }
}
