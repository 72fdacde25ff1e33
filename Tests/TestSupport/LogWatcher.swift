import Platform

/// Log messages that a test waits for.
public final class LogWatcher: LogSink {
    private let entries: AsyncStream<LogEntry>
    private let source: AsyncStream<LogEntry>.Continuation

    public init() { (entries, source) = AsyncStream.makeStream(of: LogEntry.self) }

    public func write(_ entry: LogEntry) { source.yield(entry) }

    /// The next entry with this message; others before it are dropped.
    public func next(_ message: String) async -> LogEntry? {
        for await entry in entries where String(describing: entry.message) == message { return entry }
        return nil
    }
}
