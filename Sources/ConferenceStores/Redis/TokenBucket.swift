import Conference

/// The arithmetic of a token bucket, kept as the moment at which the bucket is full again.
///
/// Each token taken moves that moment on by one token's time; a token is there while it is less than the whole bucket's
/// time away. The script in ``RedisRateLimiter`` computes the same.
enum TokenBucket {
    /// - Parameters:
    ///   - fullAt: when the bucket is full again, nil for one never used; any clock, in microseconds.
    ///   - now: the same clock's time.
    /// - Returns: the decision, and the new `fullAt`.
    static func take(_ bucket: RateLimitBucket, fullAt: Double?, now: Double) -> (RateLimitDecision, Double) {
        let cost = 1_000_000 / bucket.refillPerSecond
        let capacity = Double(bucket.capacity) * cost
        let full = min(max(fullAt ?? now, now), now + capacity)
        let filled = full + cost
        if filled - now > capacity + 1 {
            let decision = decision(
                bucket, allowed: false, remaining: 0, reset: full - now, retry: filled - now - capacity)
            return (decision, full)
        }
        return (taken(from: bucket, reset: filled - now), filled)
    }

    /// The decision after a token was taken, `reset` microseconds before the bucket is full again.
    static func taken(from bucket: RateLimitBucket, reset: Double) -> RateLimitDecision {
        let cost = 1_000_000 / bucket.refillPerSecond
        let remaining = Int((Double(bucket.capacity) - reset / cost + 0.001).rounded(.down))
        return decision(bucket, allowed: true, remaining: remaining, reset: reset, retry: 0)
    }

    static func decision(
        _ bucket: RateLimitBucket, allowed: Bool, remaining: Int, reset: Double, retry: Double
    ) -> RateLimitDecision {
        RateLimitDecision(
            allowed: allowed, limit: bucket.capacity, remaining: max(0, remaining),
            resetAfter: .milliseconds(Int64((reset / 1000).rounded(.up))),
            retryAfter: allowed ? nil : .milliseconds(Int64((retry / 1000).rounded(.up))))
    }
}

/// One bucket of many.
struct TokenBucketKey: Hashable {
    let bucket: RateLimitBucket
    let key: String

    /// By the key alone, of which few buckets share one.
    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
