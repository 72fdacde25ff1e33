import Conference

/// Tokens of one bucket that this process took from Redis ahead of their use, so that not every request of a busy client
/// asks Redis.
///
/// A lease begins with one token and doubles while it is used up quickly, so that whoever calls seldom never pays for more
/// than they use. What is held counts as taken in Redis; as the bucket refills, tokens that would overflow it are void. So
/// all processes together hand out what one bucket would. Times are microseconds of one clock.
struct TokenLease {
    /// How long tokens are held.
    static let lifetime = 1_000_000.0
    /// The part of a bucket that one lease may take.
    static let largestPart = 16

    /// Tokens held.
    private var left = 0
    /// Tokens asked for the last time.
    private var size = 1
    private var takenAt: Double
    /// When the bucket is full again, the tokens held counted as taken.
    private var fullAt: Double

    init(now: Double) {
        takenAt = now - Self.lifetime
        fullAt = now
    }

    /// Takes a token that is held; nil when Redis must be asked.
    mutating func take(_ bucket: RateLimitBucket, now: Double) -> RateLimitDecision? {
        dropVoid(bucket, now: now)
        guard left > 0 else { return nil }
        left -= 1
        return TokenBucket.taken(from: bucket, reset: fullAt - now - Double(left) / bucket.refillPerSecond * 1_000_000)
    }

    /// How many tokens to ask Redis for.
    func wish(_ bucket: RateLimitBucket, now: Double) -> Int {
        guard bucket.isLeasable, now - takenAt < Self.lifetime else { return 1 }
        let wanted = now - takenAt < Self.lifetime / 2 ? size * 2 : size
        return max(1, min(wanted, bucket.capacity / Self.largestPart))
    }

    /// Redis has granted tokens, of which one is used at once.
    ///
    /// - Parameters:
    ///   - reset: until the bucket is full again.
    ///   - now: before Redis was asked, so that its clock is never behind.
    mutating func grant(_ count: Int, of bucket: RateLimitBucket, reset: Double, now: Double) -> RateLimitDecision {
        dropVoid(bucket, now: now)
        left += count - 1
        size = count
        takenAt = now
        fullAt = max(fullAt, now + reset)
        return TokenBucket.taken(from: bucket, reset: reset - Double(count - 1) / bucket.refillPerSecond * 1_000_000)
    }

    private mutating func dropVoid(_ bucket: RateLimitBucket, now: Double) {
        let fits = now - takenAt < Self.lifetime ? (fullAt - now) / 1_000_000 * bucket.refillPerSecond : 0
        if Double(left) > fits { left = Int(max(0, fits)) }
    }
}
