import Conference
import Platform

/// Lets a few pieces of expensive work run at a time and a bounded number wait, in order; the rest is refused at once.
final class WorkGate: Sendable {
    private struct State {
        var running = 0
        var nextTicket: UInt64 = 0
        var queue: [(ticket: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state = Lock(State())
    private let maximumRunning: Int
    private let maximumWaiting: Int

    init(maximumRunning: Int, maximumWaiting: Int) {
        precondition(maximumRunning > 0 && maximumWaiting >= 0, "a gate lets something through")
        self.maximumRunning = maximumRunning
        self.maximumWaiting = maximumWaiting
    }

    /// How many wait at the moment.
    var waiting: Int { state.withLock { $0.queue.count } }

    /// Runs `body` when its turn comes. Throws `ConferenceError.busy` when too many wait already, `CancellationError`
    /// when the task is cancelled while waiting.
    func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.running < maximumRunning {
                        state.running += 1
                        return .success(())
                    }
                    if state.queue.count >= maximumWaiting {
                        return .failure(ConferenceError.busy(retryAfter: .seconds(1)))
                    }
                    state.queue.append((ticket, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.queue.firstIndex { $0.ticket == ticket }.map { state.queue.remove(at: $0).continuation }
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        // The place passes to the next in line, so `running` stays as it is then.
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.queue.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.queue.removeFirst().continuation
        }
        next?.resume()
    }
}
