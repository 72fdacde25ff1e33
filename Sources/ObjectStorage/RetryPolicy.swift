import HTTPClient

/// When a failed operation is tried again, and after which pause.
public struct RetryPolicy: Sendable {
    /// Attempts in all, the first included.
    public var attempts: Int
    /// The longest pause before the second attempt; it doubles for each further one.
    public var firstPause: Duration
    public var longestPause: Duration

    public init(attempts: Int = 3, firstPause: Duration = .milliseconds(100), longestPause: Duration = .seconds(2)) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    public static let none = RetryPolicy(attempts: 1)

    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - fraction: random, from 0 to 1, so that many clients don't come back at the same moment.
    /// - Returns: the pause before the next attempt, or nil when there is none.
    func pause(after error: ObjectStorageError, attempt: Int, isIdempotent: Bool, fraction: Double) -> Duration? {
        guard attempt < attempts, RetryPolicy.mayPass(error, isIdempotent: isIdempotent) else { return nil }
        var bound = firstPause
        for _ in 1..<attempt where bound < longestPause { bound *= 2 }
        return min(bound, longestPause) * (0.5 + fraction / 2)
    }

    private static func mayPass(_ error: ObjectStorageError, isIdempotent: Bool) -> Bool {
        switch error {
        case .refused(let refusal):
            if refusal.status == 503 || refusal.status == 429 { return true }
            return isIdempotent && ([500, 502, 504].contains(refusal.status) || refusal.code == "RequestTimeout")
        case .unavailable(_, let cause):
            switch cause {
            case .connectFailed, .dns, .timeout(.connect, _, _): return true
            case .connectionLost, .timeout(.idle, _, _): return isIdempotent
            default: return false
            }
        case .invalidAnswer, .invalidArgument: return false
        }
    }
}
