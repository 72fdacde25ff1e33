import CLinux
import Glibc
import Platform
import Synchronization

/// Runs a C call that blocks on a thread of its own, for the rare ones that have no other form.
enum BlockingCall {
    /// More are never running at once: beyond it something hangs, and another thread would only hang beside it.
    private static let limit = 64
    private static let running = Atomic<Int>(0)

    /// Waits on the loop for the call's result. A cancelled task stops waiting; the call itself runs to its end.
    static func run<Value: Sendable>(
        on loop: EventLoop, atMost limit: Duration, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let waiter = LoopWaiter<Value>(loop: loop)
        let started = start {
            let result = Result { try body() }
            loop.execute { waiter.finish(result) }
        }
        guard started else { throw PostgresError.unavailable("too many blocking calls are under way") }
        return try await waiter.wait(
            atMost: limit, onTimeout: .failure(PostgresError.unavailable("no address of the host within \(limit)")))
    }

    /// - Returns: false when no thread could be had; the body is then never run.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard running.add(1, ordering: .relaxed).newValue <= limit else {
            running.subtract(1, ordering: .relaxed)
            return false
        }
        let box = Unmanaged.passRetained(Box(body)).toOpaque()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        guard pthread_create(&thread, &attributes, runBlockingCall, box) == 0 else {
            Unmanaged<Box>.fromOpaque(box).release()
            running.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    fileprivate static func ended() { running.subtract(1, ordering: .relaxed) }

    fileprivate final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

private func runBlockingCall(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let pointer else { return nil }
    lkc_name_thread("postgres-block")
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    Unmanaged<BlockingCall.Box>.fromOpaque(pointer).takeRetainedValue().body()
    BlockingCall.ended()
    return nil
}
