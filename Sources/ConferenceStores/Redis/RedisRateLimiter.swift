import Conference
import Platform
import Redis

/// Token buckets in Redis, shared by all instances; in the process's memory while Redis is away.
///
/// Of leasable buckets the process may hold tokens for busy clients, see ``TokenLease``; the others ask Redis each time.
public final class RedisRateLimiter: RateLimiting {
    private let redis: Redis
    private let fallback: MemoryRateLimiter
    private let prefix: String
    private let log: RedisFallbackLog
    private let leases = Lock(LeastRecentlyUsed<TokenBucketKey, TokenLease>(limit: 10_000))
    private let now: @Sendable () -> MonotonicTime

    /// - Parameters:
    ///   - prefix: of the keys in Redis.
    ///   - now: for the leases; buckets go by Redis' clock.
    public init(
        redis: Redis, fallback: MemoryRateLimiter = MemoryRateLimiter(), prefix: String = "lkc:limit:", log: Logger,
        now: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.redis = redis
        self.fallback = fallback
        self.prefix = prefix
        self.log = RedisFallbackLog(log: log.with(component: "rate-limiter"))
        self.now = now
    }

    public func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision {
        do {
            let decision = try await takeInRedis(bucket, key: key)
            log.succeeded("Rate limits are shared through Redis again")
            return decision
        } catch is CancellationError {
            return await fallback.take(bucket, key: key)
        } catch {
            log.failed(error, "Rate limits are kept in this process's memory while Redis is away")
            return await fallback.take(bucket, key: key)
        }
    }

    private func takeInRedis(_ bucket: RateLimitBucket, key: String) async throws -> RateLimitDecision {
        guard bucket.isLeasable else {
            let granted = try await ask(bucket, key: key, count: 1)
            return granted.count > 0 ? TokenBucket.taken(from: bucket, reset: granted.reset) : refusal(bucket, granted)
        }
        let leaseKey = TokenBucketKey(bucket: bucket, key: key)
        let asked = microseconds
        if let held = withLease(leaseKey, asked, { $0.take(bucket, now: asked) }) { return held }
        let wish = withLease(leaseKey, asked) { $0.wish(bucket, now: asked) }
        let granted = try await ask(bucket, key: key, count: wish)
        guard granted.count > 0 else { return refusal(bucket, granted) }
        return withLease(leaseKey, asked) { lease in
            lease.grant(granted.count, of: bucket, reset: granted.reset, now: asked)
        }
    }

    private func withLease<Value: Sendable>(
        _ key: TokenBucketKey, _ now: Double, _ body: (inout TokenLease) -> Value
    ) -> Value {
        leases.withLock { leases in
            var lease = leases[key] ?? TokenLease(now: now)
            let value = body(&lease)
            leases.set(lease, for: key)
            return value
        }
    }

    private var microseconds: Double { Double(now().nanoseconds(since: MonotonicTime(nanoseconds: 0))) / 1000 }

    private func refusal(_ bucket: RateLimitBucket, _ granted: Granted) -> RateLimitDecision {
        TokenBucket.decision(bucket, allowed: false, remaining: 0, reset: granted.reset, retry: granted.retry)
    }

    /// What Redis says; times in microseconds.
    private struct Granted {
        /// Tokens taken, 0 when none was left.
        let count: Int
        /// Until the bucket is full again.
        let reset: Double
        /// Until the next token, when none was left.
        let retry: Double
    }

    private func ask(_ bucket: RateLimitBucket, key: String, count: Int) async throws -> Granted {
        // What clients send must not make long keys.
        let shortKey = key.utf8.count <= 64 ? key : SHA256.hex(of: Array(key.utf8))
        let reply = try await redis.eval(
            Self.script, keys: [.text("\(prefix)\(bucket.name):\(shortKey)")],
            arguments: [.integer(bucket.capacity), .text("\(bucket.refillPerSecond)"), .integer(count)])
        guard let numbers = reply.array?.compactMap(\.integer), numbers.count == 3 else {
            throw RedisError.unexpectedReply("the rate limit's script gave \(reply)")
        }
        return Granted(count: numbers[0], reset: Double(numbers[1]), retry: Double(numbers[2]))
    }

    /// As ``TokenBucket``, by the server's clock. The key goes away when the bucket is full.
    ///
    /// Several tokens are given together only out of the bucket's upper half; else one, if there is one. Replies with
    /// tokens taken, microseconds until full, microseconds until the next token.
    private static let script = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local cost = 1000000 / tonumber(ARGV[2])
        local capacity = tonumber(ARGV[1]) * cost
        local count = tonumber(ARGV[3])
        local full = tonumber(redis.call('GET', KEYS[1]) or now)
        full = math.min(math.max(full, now), now + capacity)
        if full + count * cost - now > capacity / 2 then count = 1 end
        local filled = full + count * cost
        if filled - now > capacity + 1 then
            return {0, math.ceil(full - now), math.ceil(filled - now - capacity)}
        end
        redis.call('SET', KEYS[1], string.format('%.0f', filled), 'PX', math.ceil((filled - now) / 1000))
        return {count, math.floor(filled - now), 0}
        """)
}
