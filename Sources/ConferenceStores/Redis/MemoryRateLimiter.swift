import Conference
import Platform

/// Token buckets in the process's memory: at most `limit`, the least recently used forgotten first.
public final class MemoryRateLimiter: RateLimiting {
    private let buckets: Lock<LeastRecentlyUsed<TokenBucketKey, Double>>
    private let now: @Sendable () -> MonotonicTime

    public init(limit: Int = 10_000, now: @escaping @Sendable () -> MonotonicTime = { .now }) {
        buckets = Lock(LeastRecentlyUsed(limit: limit))
        self.now = now
    }

    public func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision {
        let microseconds = Double(now().nanoseconds(since: MonotonicTime(nanoseconds: 0))) / 1000
        return buckets.withLock { buckets in
            let key = TokenBucketKey(bucket: bucket, key: key)
            let (decision, fullAt) = TokenBucket.take(bucket, fullAt: buckets[key], now: microseconds)
            buckets.set(fullAt, for: key)
            return decision
        }
    }
}
