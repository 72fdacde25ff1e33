import CLinux
import Glibc

/// Log lines for programs: one JSON object a line with `time`, `level`, `component`, `message` and the fields.
public struct JSONSink: LogSink {
    private let writer: LineWriter
    private let now: @Sendable () -> timespec

    private static func isReserved(_ name: String) -> Bool {
        name == "time" || name == "level" || name == "component" || name == "message"
    }

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
        for field in entry.fields {
            line.append(",")
            line.appendQuoted(Self.isReserved(field.name) ? "field_" + field.name : field.name)
            line.append(":")
            line.appendQuoted(field.value)
        }
        line.append("}\n")
        writer.write(line.bytes)
    }
}
