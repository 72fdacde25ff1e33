import CLinux
import Glibc

/// Log lines for programs: one JSON object a line with `time`, `level`, `component`, `message` and the fields.
public struct JSONSink: LogSink {
    private let writer: LineWriter
    private let now: @Sendable () -> timespec

    private static let reserved: Set<String> = ["time", "level", "component", "message"]

    /// - Parameter descriptor: where lines go; it stays open.
    public init(descriptor: Int32 = STDERR_FILENO) {
        self.init(descriptor: descriptor, now: wallClockNow)
    }

    init(descriptor: Int32, now: @escaping @Sendable () -> timespec) {
        writer = LineWriter(descriptor: descriptor)
        self.now = now
    }

    public func write(_ entry: LogEntry) {
        var line = LogText()
        line.append("{\"time\":\"")
        line.appendTimestamp(now())
        line.append("\",\"level\":\"")
        line.appendTrusted(entry.level.rawValue)
        line.append("\",\"component\":")
        line.appendQuoted(entry.component)
        line.append(",\"message\":")
        line.appendQuoted(String(describing: entry.message))
        for (key, value) in entry.fields.sorted(by: { $0.key < $1.key }) {
            line.append(",")
            line.appendQuoted(Self.reserved.contains(key) ? "field_" + key : key)
            line.append(":")
            line.appendQuoted(value)
        }
        line.append("}\n")
        writer.write(line.bytes)
    }
}
