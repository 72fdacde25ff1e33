import ConferenceAPI
import Platform

/// The line that `systemctl status` shows: what is waited for; then where the program listens, and which services are
/// not as they should be; then that it stops.
final class StatusLine: Sendable {
    private struct State {
        var schema: SchemaGate.State?
        var health: HealthReport?
        var isStopping = false
    }

    private let addresses: String
    private let tell: @Sendable (_ line: String, _ isReady: Bool) -> Void
    private let state = Lock(State())

    /// - Parameters:
    ///   - addresses: where the program listens.
    ///   - tell: must not block.
    init(addresses: [String], tell: @escaping @Sendable (_ line: String, _ isReady: Bool) -> Void) {
        self.addresses = addresses.joined(separator: ", ")
        self.tell = tell
    }

    func starting(_ service: String) {
        state.withLock { state in
            // The gate of the schema has more to say, and isn't the last service.
            if state.schema == nil { tell("Starting \(service).", false) }
        }
    }

    func schema(_ schema: SchemaGate.State) {
        change {
            $0.schema = schema
            return schema == .good
        }
    }

    func health(_ report: HealthReport) {
        change {
            $0.health = report
            return false
        }
    }

    /// From here on nothing else is told.
    func stopping() { state.withLock { $0.isStopping = true } }

    /// Told under the lock, so that the last word is the latest.
    private func change(_ body: (inout State) -> Bool) {
        state.withLock { state in
            let isReady = body(&state)
            guard !state.isStopping, let line = line(state) else { return }
            tell(line, isReady)
        }
    }

    private func line(_ state: State) -> String? {
        switch state.schema {
        case nil: return nil
        case .waiting(let reason): return "Waiting for the database: \(reason)"
        case .good: break
        }
        let ailing = (state.health?.services ?? []).filter { $0.status == .failed || $0.status == .degraded }
        let ready = "Ready; listening on \(addresses)."
        guard !ailing.isEmpty else { return ready }
        let list = ailing.map { service in
            "\(service.service) \(service.status.rawValue)" + (service.reason.map { " (\($0))" } ?? "")
        }
        return "\(ready) Not well: \(list.joined(separator: ", "))."
    }
}
