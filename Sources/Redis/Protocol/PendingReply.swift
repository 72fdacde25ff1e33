import Platform

/// What waits for the replies to one command, or to several that were sent together.
///
/// `@unchecked Sendable`: touched on the connection's loop only; cancellation crosses over by `EventLoop.execute`.
final class PendingReply: @unchecked Sendable {
    enum Receiver {
        case one(UnsafeContinuation<RedisValue, any Error>)
        case many(UnsafeContinuation<[RedisValue], any Error>)
        case function((Result<[RedisValue], RedisError>) -> Void)
    }

    let expected: Int
    var deadline = MonotonicTime(nanoseconds: 0)
    private var receiver: Receiver?
    private var values: [RedisValue] = []
    private var received = 0

    /// Replies still to come.
    var remaining: Int { expected - received }

    init(expected: Int, receiver: Receiver? = nil) {
        self.expected = expected
        self.receiver = receiver
    }

    func attach(_ receiver: Receiver) {
        self.receiver = receiver
        if expected > 1 { values.reserveCapacity(expected) }
    }

    func receive(_ value: RedisValue) {
        received += 1
        if case .one(let continuation) = receiver {
            receiver = nil
            return continuation.resume(returning: value)
        }
        if receiver != nil { values.append(value) }
        guard received == expected else { return }
        let receiver = receiver
        self.receiver = nil
        switch receiver {
        case .many(let continuation): continuation.resume(returning: values)
        case .function(let function): function(.success(values))
        case .one, nil: break
        }
    }

    func fail(_ error: RedisError) {
        if case .function(let function) = receiver {
            receiver = nil
            function(.failure(error))
        } else {
            finish(failing: error)
        }
    }

    /// Ends the wait; replies that still arrive are dropped.
    func cancel() { finish(failing: CancellationError()) }

    private func finish(failing error: any Error) {
        let receiver = receiver
        self.receiver = nil
        switch receiver {
        case .one(let continuation): continuation.resume(throwing: error)
        case .many(let continuation): continuation.resume(throwing: error)
        case .function, nil: break
        }
    }
}
