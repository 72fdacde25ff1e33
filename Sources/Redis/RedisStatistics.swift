import Platform
import Synchronization

/// What the clients have done since the start, for metrics.
public struct RedisStatistics: Hashable, Sendable {
    /// Connections for commands that are open now, one a loop when all is well.
    public var connected = 0
    /// Connections for commands that were made; all but the first of each loop are reconnections.
    public var connects = 0
    /// Commands that were answered, error replies included.
    public var commands = 0
    /// Commands that were answered with an error, lost their connection, or found none.
    public var errors = 0
    /// Time from queuing a command to its reply, of all commands together.
    public var commandTime = Duration.zero

    public init(connected: Int = 0, connects: Int = 0) {
        self.connected = connected
        self.connects = connects
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.connected += right.connected
        sum.connects += right.connects
        sum.commands += right.commands
        sum.errors += right.errors
        sum.commandTime += right.commandTime
        return sum
    }
}

/// Counts for one client. Written on its loop only, so that counting needs no locked instruction; read from anywhere.
final class RedisCounters: Sendable {
    private let connected = Atomic(0)
    private let connects = Atomic(0)
    private let commands = Atomic(0)
    private let errors = Atomic(0)
    private let nanoseconds = Atomic(0)

    func noteConnection() {
        connected.store(1, ordering: .relaxed)
        add(1, to: connects)
    }

    func noteLoss() { connected.store(0, ordering: .relaxed) }

    func noteReply(isError: Bool, after time: Int64) {
        add(1, to: commands)
        add(Int(max(0, time)), to: nanoseconds)
        if isError { add(1, to: errors) }
    }

    func noteFailures(_ count: Int) { add(count, to: errors) }

    private func add(_ count: Int, to counter: borrowing Atomic<Int>) {
        counter.store(counter.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    var statistics: RedisStatistics {
        var statistics = RedisStatistics()
        statistics.connected = connected.load(ordering: .relaxed)
        statistics.connects = connects.load(ordering: .relaxed)
        statistics.commands = commands.load(ordering: .relaxed)
        statistics.errors = errors.load(ordering: .relaxed)
        statistics.commandTime = .nanoseconds(nanoseconds.load(ordering: .relaxed))
        return statistics
    }
}

extension Redis {
    /// All clients together; may be read from any thread.
    public var statistics: RedisStatistics {
        clients.reduce(RedisStatistics()) { $0 + $1.counters.statistics }
    }

    /// Shows the statistics among the metrics.
    public func observe(in metrics: MetricsRegistry) {
        metrics.observedGauge("redis_connections", help: "Connections to Redis for commands that are open.") {
            Double(statistics.connected)
        }
        metrics.observedCounter(
            "redis_connects_total", help: "Connections to Redis that were made; the first of each event loop included."
        ) { Double(statistics.connects) }
        metrics.observedCounter("redis_commands_total", help: "Commands that Redis answered.") {
            Double(statistics.commands)
        }
        metrics.observedCounter(
            "redis_command_errors_total",
            help: "Commands that Redis answered with an error, or that found or kept no connection."
        ) { Double(statistics.errors) }
        metrics.observedCounter(
            "redis_command_seconds_total", help: "Time that the commands answered have waited for their replies."
        ) { statistics.commandTime.seconds }
    }
}
