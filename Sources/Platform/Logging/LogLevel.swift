/// The levels of syslog(3) that are used here.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, notice, warning, error, critical

    /// syslog's number: 7 for debug, 2 for critical.
    public var priority: Int {
        switch self {
        case .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.priority > right.priority }
}
