import Platform

/// The end of a check or of its time, whichever comes first, for the one who waits.
final class OneOutcome: Sendable {
    enum Outcome: Sendable {
        case ended(Result<Void, HealthFailure>)
        case timedOut
    }

    private enum State {
        case pending
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished(Outcome)
    }

    private let state = Lock(State.pending)

    /// False when it had an outcome already.
    func finish(_ outcome: Outcome) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            switch state {
            case .finished: return (false, nil)
            case .pending:
                state = .finished(outcome)
                return (true, nil)
            case .waiting(let continuation):
                state = .finished(outcome)
                return (true, continuation)
            }
        }
        waiter?.resume(returning: outcome)
        return isFirst
    }

    /// Waits for the outcome; for one task, once.
    func value() async -> Outcome {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Outcome? in
                if case .finished(let outcome) = state { return outcome }
                state = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
