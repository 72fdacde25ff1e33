import Platform

/// Logs each change of the state once, however many loops have a connection of their own.
final class ConnectivityReporter: Sendable {
    private enum Report: Equatable { case none, connected, away(code: String) }

    private struct State {
        var failed: Set<String> = []
        var report = Report.none
    }

    private let log: Logger
    private let endpoint: String
    private let state = Lock(State())

    init(log: Logger, endpoint: String) {
        self.log = log
        self.endpoint = endpoint
    }

    /// - Parameter loop: the name of the loop whose connection failed.
    func failed(_ error: RedisError, loop: String) {
        let isNews = state.withLock { state in
            state.failed.insert(loop)
            // While away, attempts fail for changing reasons; only one that needs an operator is worth another entry.
            if case .away(let code) = state.report, code == error.code || !error.isPermanent { return false }
            state.report = .away(code: error.code)
            return true
        }
        if isNews {
            log.error("Redis is away", ["endpoint": endpoint, "code": error.code, "reason": error.description])
        }
    }

    func connected(version: String, loop: String) {
        let isNews = state.withLock { state in
            state.failed.remove(loop)
            guard state.failed.isEmpty, state.report != .connected else { return false }
            state.report = .connected
            return true
        }
        if isNews { log.notice("Redis is connected", ["endpoint": endpoint, "server_version": version]) }
    }
}
