import CLinux
import Glibc
import Platform

/// SIGTERM and SIGINT as something to wait for. A second signal ends the process at once; SIGPIPE is ignored.
struct TerminationSignals: Sendable {
    /// - Throws: ``SystemError`` when the kernel gives no eventfd.
    init() throws(SystemError) {
        signalDescriptor = eventfd(0, Int32(EFD_CLOEXEC))
        guard signalDescriptor >= 0 else { throw SystemError("eventfd") }
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] { signal(number, handleSignal) }
    }

    /// Waits for the first signal, on a thread of its own.
    ///
    /// - Returns: its name.
    func first() async -> String {
        await withCheckedContinuation { continuation in
            let box = Unmanaged.passRetained(Waiter(continuation)).toOpaque()
            var thread = pthread_t()
            let status = pthread_create(&thread, nil, waitForSignal, box)
            precondition(status == 0, "no thread to wait for signals: error \(status)")
            pthread_detach(thread)
        }
    }

    fileprivate final class Waiter: Sendable {
        let continuation: CheckedContinuation<String, Never>
        init(_ continuation: CheckedContinuation<String, Never>) { self.continuation = continuation }
    }
}

/// Written once before the handlers are installed, then only read: signal handlers can't carry a context.
nonisolated(unsafe) private var signalDescriptor: Int32 = -1

/// Only async-signal-safe calls (signal-safety(7)).
private func handleSignal(_ number: Int32) {
    signal(number, SIG_DFL)
    var value = UInt64(number)
    _ = write(signalDescriptor, &value, MemoryLayout<UInt64>.size)
}

private func waitForSignal(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    var value: UInt64 = 0
    while read(signalDescriptor, &value, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    let name = value == UInt64(SIGINT) ? "SIGINT" : "SIGTERM"
    Unmanaged<TerminationSignals.Waiter>.fromOpaque(box).takeRetainedValue().continuation.resume(returning: name)
    return nil
}
