import Conference
import FoundationEssentials
import Platform

/// Looks at the media server again and again, on one instance among all that share the database.
final class ReconcilerService: Service {
    static let lease = "reconciler"
    /// The pause after something had to be repaired: where one event was lost, more may be.
    static let pauseAfterRepair = Duration.seconds(5)

    let name = "reconciler"
    private let reconciler: MediaReconciler
    private let leases: any Leasing
    private let interval: Duration
    private let log: Logger
    private let isReady: @Sendable () -> Bool
    private let clock: any Clock<Duration>
    private let figures: Figures
    private let holder = UUID()
    private let task = Lock<Task<Void, Never>?>(nil)

    init(
        reconciler: MediaReconciler, leases: any Leasing, interval: Duration, metrics: MetricsRegistry, log: Logger,
        clock: any Clock<Duration> = ContinuousClock(), isReady: @escaping @Sendable () -> Bool
    ) {
        self.reconciler = reconciler
        self.leases = leases
        self.interval = interval
        self.log = log
        self.clock = clock
        self.isReady = isReady
        figures = Figures(metrics)
    }

    func start() async throws {
        let task = Task { await work() }
        self.task.withLock { $0 = task }
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
        // Another instance need not wait for the lease's end.
        try? await leases.release(Self.lease, holder: holder)
    }

    private func work() async {
        var wasWell = true
        while !Task.isCancelled {
            var pause = interval
            if isReady() {
                do {
                    if let report = try await look() {
                        note(report)
                        if !report.repaired.isEmpty { pause = min(interval, Self.pauseAfterRepair) }
                        if !wasWell { log.notice("reconciliation works again") }
                        wasWell = true
                    }
                } catch is CancellationError {
                    return
                } catch {
                    figures.failed.increment()
                    // Once, not at every turn while a service is away.
                    if wasWell { log.warning("reconciliation failed", ["reason": "\(error)"]) }
                    wasWell = false
                }
            }
            try? await clock.sleep(for: pause)
        }
    }

    /// Nil when another instance does it.
    private func look() async throws -> MediaReconciler.Report? {
        guard try await leases.acquire(Self.lease, holder: holder, for: interval * 2 + .seconds(10)) else { return nil }
        return try await reconciler.run()
    }

    private func note(_ report: MediaReconciler.Report) {
        figures.last.set(Int(Date().timeIntervalSince1970))
        figures.succeeded.increment()
        figures.deletedRooms.increment(by: report.deletedRooms)
        for (kind, count) in report.repaired { figures.repaired(kind).increment(by: count) }
        if let reason = report.recorderFailure { log.debug("the recorder could not be asked", ["reason": reason]) }
        guard !report.isEmpty else { return }
        let kinds = report.repaired.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        log.notice(
            "repaired what events had not told",
            ["repairs": kinds.joined(separator: " "), "deleted_rooms": "\(report.deletedRooms)"])
    }

    private struct Figures {
        let last: Gauge
        let succeeded: Counter
        let failed: Counter
        let deletedRooms: Counter
        let repaired: @Sendable (String) -> Counter

        init(_ metrics: MetricsRegistry) {
            last = metrics.gauge(
                "last_reconciliation_timestamp_seconds",
                help: "When this instance last looked at LiveKit with success; 0 while another one does it.")
            let help = "Looks at LiveKit by this instance."
            succeeded = metrics.counter("reconciliations_total", help: help, labels: ["outcome": "success"])
            failed = metrics.counter("reconciliations_total", help: help, labels: ["outcome": "failure"])
            deletedRooms = metrics.counter(
                "media_rooms_deleted_total", help: "Rooms on LiveKit whose meeting had ended, deleted.")
            repaired = { kind in
                metrics.counter(
                    "events_repaired_total", help: "What LiveKit's events had not told and a look at it repaired.",
                    labels: ["kind": kind])
            }
        }
    }
}
