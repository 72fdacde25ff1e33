import CLinux
import Glibc

/// Turns SIGTERM and SIGINT into one call, on a thread of its own. A second one ends the process at once.
public final class SignalHandler: Sendable {
    /// A request to end.
    public enum Request: Int32, Sendable, CustomStringConvertible {
        case terminate = 15
        case interrupt = 2

        public var description: String { self == .terminate ? "SIGTERM" : "SIGINT" }
    }

    private let onRequest: @Sendable (Request) -> Void
    private let onSecond: @Sendable (Request) -> Void

    /// Blocks the two signals for this thread and those it starts, so that only the handler receives them, and ignores
    /// SIGPIPE. Call it first thing in `main`, before there is another thread.
    public static func prepare() {
        var set = requests()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// - Parameters:
    ///   - onSecond: what the second request does; by default the process ends with 128 and the signal's number.
    ///   - onRequest: called for the first request, on the handler's thread: hand over and return.
    public init(
        onSecond: @escaping @Sendable (Request) -> Void = { _exit(128 + $0.rawValue) },
        onRequest: @escaping @Sendable (Request) -> Void
    ) {
        self.onRequest = onRequest
        self.onSecond = onSecond
    }

    /// Starts the thread, which lives as long as the process unless the handler has seen both requests.
    @discardableResult
    public func start() throws(SystemError) -> pthread_t {
        let box = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, runSignalThread, box)
        guard status == 0 else {
            Unmanaged<SignalHandler>.fromOpaque(box).release()
            throw SystemError("pthread_create", code: status)
        }
        pthread_detach(thread)
        return thread
    }

    fileprivate func run() {
        lkc_name_thread("signals")
        var everything = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_BLOCK, &everything, nil)
        onRequest(Self.wait())
        onSecond(Self.wait())
    }

    private static func wait() -> Request {
        var set = requests()
        while true {
            var number: Int32 = 0
            if sigwait(&set, &number) == 0, let request = Request(rawValue: number) { return request }
        }
    }

    private static func requests() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }
}

private func runSignalThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    Unmanaged<SignalHandler>.fromOpaque(box).takeRetainedValue().run()
    return nil
}
