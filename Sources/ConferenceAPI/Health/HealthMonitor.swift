import FoundationEssentials
import Platform

/// Checks services in the background, all at once and each bounded in time, so that asking for the report waits for
/// nothing. Each change of a service's state is logged once.
public final class HealthMonitor: Service {
    /// Time as the monitor sees it, for tests to replace.
    public struct Time: Sendable {
        public var now: @Sendable () -> Date
        /// For measuring; from any fixed point.
        public var uptime: @Sendable () -> Duration
        public var sleep: @Sendable (Duration) async throws -> Void

        public init(
            now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
            sleep: @escaping @Sendable (Duration) async throws -> Void
        ) {
            self.now = now
            self.uptime = uptime
            self.sleep = sleep
        }

        /// The machine's clocks.
        public static var system: Time {
            let start = ContinuousClock.now
            return Time(
                now: { Date() }, uptime: { ContinuousClock.now - start },
                sleep: { try await Task.sleep(for: $0) })
        }
    }

    public let name = "health"
    private let checks: [any HealthCheck]
    private let interval: Duration
    private let timeLimit: Duration
    private let time: Time
    private let log: Logger
    private let onChange: @Sendable (HealthReport) -> Void
    private let state: Lock<State>

    private struct State {
        var services: [ServiceHealth]
        /// Services whose last check has not come back, though its time is over.
        var stuck: Set<Int> = []
        var task: Task<Void, Never>?
    }

    /// - Parameters:
    ///   - notConfigured: services that this installation does without; shown, never checked.
    ///   - interval: from the end of one round of checks to the next one.
    ///   - timeLimit: for one check; a service that has not answered by then has failed.
    ///   - onChange: hears of every change of a service's status.
    public init(
        checks: [any HealthCheck], notConfigured: [String] = [], interval: Duration = .seconds(1),
        timeLimit: Duration = .seconds(1), time: Time = .system, log: Logger,
        onChange: @escaping @Sendable (HealthReport) -> Void = { _ in }
    ) {
        self.checks = checks
        self.interval = interval
        self.timeLimit = timeLimit
        self.time = time
        self.log = log
        self.onChange = onChange
        let now = time.now()
        let checked = checks.map {
            ServiceHealth(service: $0.service, isCritical: $0.isCritical, status: .unknown, since: now)
        }
        let absent = notConfigured.map {
            ServiceHealth(service: $0, isCritical: false, status: .notConfigured, since: now)
        }
        state = Lock(State(services: checked + absent))
    }

    /// What the latest checks found. Returns at once.
    public var report: HealthReport { HealthReport(services: state.withLock { $0.services }) }

    /// Makes the first round of checks, so that the report means something when the server opens, then goes on.
    public func start() async throws {
        await checkOnce()
        let task = Task { [self] in
            while !Task.isCancelled {
                do { try await time.sleep(interval) } catch { return }
                await checkOnce()
            }
        }
        state.withLock { $0.task = task }
    }

    public func stop() async {
        let task = state.withLock { state in
            defer { state.task = nil }
            return state.task
        }
        task?.cancel()
        await task?.value
    }

    /// One round: all services at once. Returns at the latest when the time limit is over.
    public func checkOnce() async {
        await withTaskGroup(of: Void.self) { group in
            for index in checks.indices { group.addTask { await self.check(index) } }
        }
    }

    private func check(_ index: Int) async {
        // A check that hangs on after its time would pile up if another one were started.
        guard !state.withLock({ $0.stuck.contains(index) }) else { return }
        let start = time.uptime()
        let outcome = OneOutcome()
        let check = checks[index]
        // Unstructured: a group would wait for a check that does not heed its cancellation.
        let work = Task {
            let result = await HealthMonitor.result { try await check.check() }
            if !outcome.finish(.ended(result)) { self.state.withLock { _ = $0.stuck.remove(index) } }
        }
        let timer = Task { [time, timeLimit] in
            try await time.sleep(timeLimit)
            // Before the outcome is out, so that the check's end can't come first and leave it stuck for ever.
            self.state.withLock { _ = $0.stuck.insert(index) }
            if !outcome.finish(.timedOut) { self.state.withLock { _ = $0.stuck.remove(index) } }
        }
        switch await outcome.value() {
        case .ended(.success):
            timer.cancel()
            record(index, .ok, latency: time.uptime() - start, reason: nil, cause: nil)
        case .ended(.failure(let failure)):
            timer.cancel()
            let status: HealthStatus = failure.isDegraded ? .degraded : .failed
            record(
                index, status, latency: time.uptime() - start, reason: failure.reason,
                cause: failure.cause.map { "\($0)" })
        case .timedOut:
            work.cancel()
            record(index, .failed, latency: nil, reason: "no answer in time", cause: nil)
        }
    }

    private static func result(_ check: () async throws -> Void) async -> Result<Void, HealthFailure> {
        do {
            try await check()
            return .success(())
        } catch let failure as HealthFailure {
            return .failure(failure)
        } catch {
            return .failure(HealthFailure("does not work", cause: error))
        }
    }

    private func record(
        _ index: Int, _ status: HealthStatus, latency: Duration?, reason: String?, cause: String?
    ) {
        let now = time.now()
        let (previous, service) = state.withLock { state in
            let previous = state.services[index].status
            if previous != status { state.services[index].since = now }
            state.services[index].status = status
            state.services[index].latency = latency
            state.services[index].reason = reason
            return (previous, state.services[index])
        }
        guard previous != status else { return }
        onChange(report)
        var fields: Logger.Fields = [
            "service": service.service, "status": status.rawValue, "previous_status": previous.rawValue,
        ]
        fields["reason"] = reason
        fields["cause"] = cause
        switch status {
        case .ok: log.info("service works", fields)
        case .failed where service.isCritical: log.error("service failed", fields)
        default: log.warning("service failed", fields)
        }
    }
}
