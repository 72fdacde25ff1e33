import CSystemd
import Glibc

/// Tells systemd about the state of the service by sd_notify(3). Does nothing when systemd doesn't listen.
public struct SystemdNotifier: Sendable {
    public init() {}

    /// The service can be used. Send it when the port is open and the schema is there, not before.
    public func ready(status: String = "Ready.") { notify("READY=1\nSTATUS=\(oneLine(status))") }

    /// One line for `systemctl status`: what the service does or waits for.
    public func status(_ text: String) { notify("STATUS=\(oneLine(text))") }

    /// The service has begun to stop.
    public func stopping(status: String = "Finishing running requests.") {
        notify("STOPPING=1\nSTATUS=\(oneLine(status))")
    }

    /// The service is alive. See ``WatchdogFeeder``, which decides that.
    public func feedWatchdog() { notify("WATCHDOG=1") }

    /// How often systemd wants to hear from the service, or nil when it doesn't (sd_watchdog_enabled(3)).
    public static func watchdogInterval() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// A failure is of no consequence: systemd acts by itself on what it misses.
    private func notify(_ state: String) { _ = sd_notify(0, state) }

    /// A line feed would start another assignment.
    private func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }
}
