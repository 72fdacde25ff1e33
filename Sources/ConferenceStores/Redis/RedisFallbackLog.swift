import Platform
import Redis
import Synchronization

/// Logs when something begins to do without Redis and when it uses Redis again: once each.
final class RedisFallbackLog: Sendable {
    private let log: Logger
    private let isDegraded = Atomic(false)

    init(log: Logger) { self.log = log }

    func failed(_ error: any Error, _ message: StaticString) {
        guard !isDegraded.exchange(true, ordering: .relaxed) else { return }
        log.warning(message, ["reason": "\(error)"])
    }

    func succeeded(_ message: StaticString) {
        guard isDegraded.load(ordering: .relaxed), isDegraded.exchange(false, ordering: .relaxed) else { return }
        log.notice(message)
    }
}
