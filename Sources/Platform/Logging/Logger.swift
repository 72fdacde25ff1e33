/// Writes log entries: a constant message with fields that carry everything variable.
///
/// Never a secret, a token or a password in a field. Field names are lower snake case (`request_id`); journald shows
/// them in capitals (`REQUEST_ID=`).
public struct Logger: Sendable {
    public typealias Fields = LogFields

    /// Entries below this level are dropped.
    public var level: LogLevel
    private let sink: any LogSink
    private let component: String
    private let fields: Fields

    /// - Parameters:
    ///   - component: the part of the program that speaks, such as `postgres`.
    ///   - fields: added to every entry.
    public init(component: String, level: LogLevel = .info, fields: Fields = [:], sink: any LogSink) {
        self.component = component
        self.level = level
        self.fields = fields
        self.sink = sink
    }

    /// The same destination for another part of the program.
    public func with(component: String, fields: Fields = [:]) -> Logger {
        Logger(component: component, level: level, fields: self.fields.merging(fields), sink: sink)
    }

    public func debug(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.debug, message, fields())
    }

    public func info(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.info, message, fields())
    }

    public func notice(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.notice, message, fields())
    }

    public func warning(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.warning, message, fields())
    }

    public func error(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.error, message, fields())
    }

    public func critical(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        log(.critical, message, fields())
    }

    public func log(_ level: LogLevel, _ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
        guard level >= self.level else { return }
        let fields = self.fields.merging(fields())
        sink.write(LogEntry(level: level, component: component, message: message, fields: fields))
    }
}

/// One log entry on its way to a ``LogSink``.
public struct LogEntry: Sendable {
    public let level: LogLevel
    public let component: String
    public let message: StaticString
    public let fields: Logger.Fields
}

/// Where log entries go. Called from any thread; must not block for long.
public protocol LogSink: Sendable {
    func write(_ entry: LogEntry)
}
