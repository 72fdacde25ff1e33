extension EventLoop {
    /// Runs an async closure with this loop as its executor, from wherever the caller is.
    public func run<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async rethrows -> Value {
        try await withTaskExecutorPreference(self) { try await body() }
    }

    /// Waits on the loop's own timer, without another thread.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        let waiter = LoopWaiter<Void>(loop: self)
        try await waiter.wait(atMost: duration, onTimeout: .success(()))
    }
}

/// One result for one waiting task of a loop: from the loop's events, a time limit or the task's cancellation, whichever
/// comes first; the others are ignored.
///
/// `@unchecked Sendable`: every stored property is touched on the loop's thread only; cancellation, which may come from
/// any thread, crosses over by `EventLoop.execute`.
public final class LoopWaiter<Value: Sendable>: @unchecked Sendable {
    private let loop: EventLoop
    private var continuation: UnsafeContinuation<Value, any Error>?
    private var early: Result<Value, any Error>?
    private var timer: LoopTimer?
    private var isDone = false

    public init(loop: EventLoop) { self.loop = loop }

    /// Whether a result has been given, so that nobody waits any more.
    public var isFinished: Bool { isDone }

    /// Gives the result. The first call counts. Call it on the loop.
    public func finish(_ result: Result<Value, any Error>) {
        loop.preconditionInLoop()
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        timer = nil
        if let continuation {
            self.continuation = nil
            continuation.resume(with: result)
        } else {
            early = result
        }
    }

    /// Waits for the result. Call it once, on the loop.
    ///
    /// - Parameters:
    ///   - limit: the longest wait, or nil for none.
    ///   - onTimeout: what the wait ends with when the limit has passed.
    ///   - onCancel: runs on the loop when the task was cancelled while waiting.
    /// - Throws: the error given, or `CancellationError`.
    public func wait(
        atMost limit: Duration? = nil, onTimeout: Result<Value, any Error> = .failure(CancellationError()),
        onCancel: (@Sendable () -> Void)? = nil
    ) async throws -> Value {
        loop.preconditionInLoop()
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if let early {
                    continuation.resume(with: early)
                    return
                }
                self.continuation = continuation
                guard let limit else { return }
                timer = loop.schedule(after: limit) { [weak self] in self?.finish(onTimeout) }
            }
        } onCancel: {
            loop.execute { [self] in
                guard !isDone else { return }
                finish(.failure(CancellationError()))
                onCancel?()
            }
        }
    }
}
