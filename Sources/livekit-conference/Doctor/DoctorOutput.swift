import Platform

/// Shows results in the checks' order as soon as those before them are there, and below, on a terminal, what is waited for.
final class DoctorOutput: Sendable {
    private struct State {
        var entries: [String: DoctorReport.Entry] = [:]
        var shown = 0
    }

    private let checks: [DoctorCheck]
    private let context: CommandContext
    private let idWidth: Int
    private let state = Lock(State())

    init(_ checks: [DoctorCheck], _ context: CommandContext) {
        self.checks = checks
        self.context = context
        idWidth = checks.map(\.id.count).max() ?? 0
    }

    func begin() { context.showProgress(progress([:])) }

    func note(_ entry: DoctorReport.Entry) {
        // Under the lock, so that lines come out in order.
        state.withLock { state in
            state.entries[entry.check.id] = entry
            context.showProgress("")
            while state.shown < checks.count, let next = state.entries[checks[state.shown].id] {
                context.print(next.lines(idWidth: idWidth, isColoured: context.isTerminal))
                state.shown += 1
            }
            context.showProgress(progress(state.entries))
        }
    }

    private func progress(_ done: [String: DoctorReport.Entry]) -> String {
        let waiting = checks.filter { done[$0.id] == nil }.map(\.id)
        guard !waiting.isEmpty else { return "" }
        let names = waiting.prefix(3).joined(separator: ", ") + (waiting.count > 3 ? ", ..." : "")
        return "\(done.count) of \(checks.count); waiting for \(names)"
    }
}
