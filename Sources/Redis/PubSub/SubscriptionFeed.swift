import Platform

/// The bounded buffer between the connection, which writes on its loop, and one reader anywhere.
final class SubscriptionFeed: Sendable {
    private struct State {
        var buffer = Queue<RedisSubscriptionEvent>()
        var reader: UnsafeContinuation<RedisSubscriptionEvent?, Never>?
        var isFinished = false
    }

    private let capacity: Int
    private let state = Lock(State())

    init(capacity: Int = 1024) { self.capacity = capacity }

    func push(_ event: RedisSubscriptionEvent) {
        let reader: UnsafeContinuation<RedisSubscriptionEvent?, Never>? = state.withLock { state in
            guard !state.isFinished else { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            if state.buffer.count >= capacity {
                state.buffer = Queue()
                state.buffer.append(.gap)
            }
            state.buffer.append(event)
            return nil
        }
        reader?.resume(returning: event)
    }

    /// Ends the feed; what it holds can still be read. False when it had ended already.
    @discardableResult
    func finish() -> Bool {
        let (isFirst, reader) = state.withLock { state in
            defer {
                state.isFinished = true
                state.reader = nil
            }
            return (!state.isFinished, state.reader)
        }
        reader?.resume(returning: nil)
        return isFirst
    }

    func next() async -> RedisSubscriptionEvent? {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                enum Outcome { case event(RedisSubscriptionEvent?), wait }
                let outcome: Outcome = state.withLock { state in
                    if let event = state.buffer.popFirst() { return .event(event) }
                    // A cancellation seen by the handler before this lock was taken is seen here.
                    if state.isFinished || Task.isCancelled { return .event(nil) }
                    precondition(state.reader == nil, "a subscription has one reader")
                    state.reader = continuation
                    return .wait
                }
                if case .event(let event) = outcome { continuation.resume(returning: event) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
