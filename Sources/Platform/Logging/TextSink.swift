import CLinux
import Glibc

/// Log lines for people: `2026-01-02T03:04:05.678Z INFO  component: message key=value`, coloured on a terminal.
public struct TextSink: LogSink {
    private let writer: LineWriter
    private let colours: Bool
    private let now: @Sendable () -> timespec

    /// - Parameters:
    ///   - descriptor: where lines go; it stays open.
    ///   - colours: by default, whether the descriptor is a terminal, unless `NO_COLOR` is set.
    public init(descriptor: Int32 = STDERR_FILENO, colours: Bool? = nil) {
        self.init(descriptor: descriptor, colours: colours, now: wallClockNow)
    }

    init(descriptor: Int32, colours: Bool?, now: @escaping @Sendable () -> timespec) {
        writer = LineWriter(descriptor: descriptor)
        self.colours = colours ?? (isatty(descriptor) == 1 && getenv("NO_COLOR") == nil)
        self.now = now
    }

    public func write(_ entry: LogEntry) {
        var line = LogText()
        line.appendTimestamp(now())
        line.append(" ")
        if colours { line.append(colour(of: entry.level)) }
        line.append(label(of: entry.level))
        if colours { line.append("\u{1b}[0m") }
        line.append(" ")
        line.appendSentence(entry)
        line.append("\n")
        writer.write(line.bytes)
    }

    private func label(of level: LogLevel) -> StaticString {
        switch level {
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "CRIT "
        }
    }

    private func colour(of level: LogLevel) -> StaticString {
        switch level {
        case .debug: "\u{1b}[2m"
        case .info: "\u{1b}[32m"
        case .notice: "\u{1b}[36m"
        case .warning: "\u{1b}[33m"
        case .error, .critical: "\u{1b}[31m"
        }
    }
}
