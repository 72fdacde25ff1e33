import Glibc

func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
        Unmanaged<Box>.fromOpaque(box!).takeRetainedValue().body()
        return nil
    }
    let status = pthread_create(&thread, nil, run, box)
    precondition(status == 0)
    pthread_detach(thread)
}

/// Runs what blocks on a thread of its own, so that it takes none of the few threads that all tasks share.
public func onThreadOfItsOwn<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        startThread { continuation.resume(with: Result { try body() }) }
    }
}

/// Server threads are plain threads, on which waiting is allowed.
public func pauseThread(milliseconds: UInt32) { usleep(milliseconds * 1000) }
