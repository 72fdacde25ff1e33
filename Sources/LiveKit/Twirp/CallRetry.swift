import HTTPClient

/// When a failed call is made again, and after which pause.
public struct CallRetry: Hashable, Sendable {
    /// Attempts in all, the first included.
    public var attempts: Int
    /// The longest pause before the second attempt; it doubles for each further one.
    public var firstPause: Duration

    public init(attempts: Int = 3, firstPause: Duration = .milliseconds(100)) {
        self.attempts = attempts
        self.firstPause = firstPause
    }

    public static let none = CallRetry(attempts: 1)

    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - isRepeatable: whether making the call twice does the same as making it once.
    ///   - fraction: random, from 0 to 1, so that many clients don't come back at the same moment.
    /// - Returns: the pause before the next attempt, or nil when there is none.
    func pause(after error: LiveKitAPIError, attempt: Int, isRepeatable: Bool, fraction: Double) -> Duration? {
        guard attempt < attempts, CallRetry.mayPass(error, isRepeatable: isRepeatable) else { return nil }
        return firstPause * (1 << min(attempt - 1, 10)) * (0.5 + fraction / 2)
    }

    private static func mayPass(_ error: LiveKitAPIError, isRepeatable: Bool) -> Bool {
        switch error {
        case .refused(let refusal):
            return isRepeatable && [.unavailable, .resourceExhausted, .deadlineExceeded].contains(refusal.code)
        case .unavailable(_, let cause):
            switch cause {
            // The server never saw the call.
            case .connectFailed, .dns, .timeout(.connect, _, _): return true
            case .connectionLost, .timeout(.idle, _, _): return isRepeatable
            default: return false
            }
        case .invalidAnswer, .token: return false
        }
    }
}
