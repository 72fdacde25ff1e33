/// A kind of limit: a bucket of tokens that refills steadily, one such bucket a key.
public struct RateLimitBucket: Hashable, Sendable {
    /// Names the limit in stored keys and logs, such as `sign-in`: letters, digits and dashes.
    public let name: String
    /// The most tokens a bucket holds: the longest burst.
    public let capacity: Int
    /// Tokens that come back each second.
    public let refillPerSecond: Double
    /// Whether a process may take tokens for a busy key ahead of their use, while the bucket is far from empty. Not for
    /// limits on guessing.
    public let isLeasable: Bool

    public init(name: String, capacity: Int, refillPerSecond: Double, isLeasable: Bool = false) {
        precondition(capacity > 0 && refillPerSecond > 0, "a rate limit needs a positive capacity and refill")
        self.name = name
        self.capacity = capacity
        self.refillPerSecond = refillPerSecond
        self.isLeasable = isLeasable
    }
}

/// Whether one token could be taken, with what the `RateLimit` and `Retry-After` headers say.
public struct RateLimitDecision: Hashable, Sendable {
    public let allowed: Bool
    /// The bucket's capacity.
    public let limit: Int
    /// Whole tokens left.
    public let remaining: Int
    /// Until the bucket is full again.
    public let resetAfter: Duration
    /// Until the next token, when none was left; nil when allowed.
    public let retryAfter: Duration?

    public init(allowed: Bool, limit: Int, remaining: Int, resetAfter: Duration, retryAfter: Duration?) {
        self.allowed = allowed
        self.limit = limit
        self.remaining = remaining
        self.resetAfter = resetAfter
        self.retryAfter = retryAfter
    }
}

/// Takes tokens from buckets. Never fails: an implementation that lost its store decides by itself.
public protocol RateLimiting: Sendable {
    /// Takes one token from the bucket that belongs to the key, such as an address or an account.
    func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision
}
