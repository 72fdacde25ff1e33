import Conference

/// The buckets that requests take tokens from.
public struct RateLimits: Sendable {
    /// Of an account, or of an address without one.
    public var general: RateLimitBucket
    /// Of an address that signs in.
    public var guessing: RateLimitBucket
    /// Of an e-mail address with which someone signs in, whatever address they come from.
    public var signInPerEmail: RateLimitBucket

    public init(
        general: RateLimitBucket = RateLimitBucket(
            name: "general", capacity: 300, refillPerSecond: 20, isLeasable: true),
        guessing: RateLimitBucket = RateLimitBucket(name: "sign-in", capacity: 20, refillPerSecond: 0.2),
        signInPerEmail: RateLimitBucket = RateLimitBucket(name: "sign-in-email", capacity: 10, refillPerSecond: 0.05)
    ) {
        self.general = general
        self.guessing = guessing
        self.signInPerEmail = signInPerEmail
    }
}
