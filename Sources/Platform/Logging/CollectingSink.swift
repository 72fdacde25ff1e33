/// Keeps log entries in memory, for tests.
public final class CollectingSink: LogSink {
    private let collected = Lock<[LogEntry]>([])

    public init() {}

    public func write(_ entry: LogEntry) { collected.withLock { $0.append(entry) } }

    /// What was logged so far.
    public var entries: [LogEntry] { collected.withLock { $0 } }

    /// The messages logged so far.
    public var messages: [String] { entries.map { String(describing: $0.message) } }
}
