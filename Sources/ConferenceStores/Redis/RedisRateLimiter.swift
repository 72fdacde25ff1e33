import Conference
import Platform
import Redis

/// Token buckets in Redis, shared by all instances; in the process's memory while Redis is away.
public final class RedisRateLimiter: RateLimiting {
    private let redis: Redis
    private let fallback: MemoryRateLimiter
    private let prefix: String
    private let log: RedisFallbackLog

    /// - Parameter prefix: of the keys in Redis.
    public init(
        redis: Redis, fallback: MemoryRateLimiter = MemoryRateLimiter(), prefix: String = "lkc:limit:", log: Logger
    ) {
        self.redis = redis
        self.fallback = fallback
        self.prefix = prefix
        self.log = RedisFallbackLog(log: log.with(component: "rate-limiter"))
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
        // What clients send must not make long keys.
        let shortKey = key.utf8.count <= 64 ? key : SHA256.hex(of: Array(key.utf8))
        let reply = try await redis.eval(
            Self.script, keys: [.text("\(prefix)\(bucket.name):\(shortKey)")],
            arguments: [.integer(bucket.capacity), .text("\(bucket.refillPerSecond)")])
        guard let numbers = reply.array?.compactMap(\.integer), numbers.count == 4 else {
            throw RedisError.unexpectedReply("the rate limit's script gave \(reply)")
        }
        let allowed = numbers[0] == 1
        return RateLimitDecision(
            allowed: allowed, limit: bucket.capacity, remaining: numbers[1], resetAfter: .milliseconds(numbers[2]),
            retryAfter: allowed ? nil : .milliseconds(numbers[3]))
    }

    /// As ``TokenBucket``, by the server's clock. The key goes away when the bucket is full.
    ///
    /// Replies with allowed (0 or 1), tokens left, milliseconds until full, milliseconds until the next token.
    private static let script = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local cost = 1000000 / tonumber(ARGV[2])
        local capacity = tonumber(ARGV[1]) * cost
        local full = tonumber(redis.call('GET', KEYS[1]) or now)
        full = math.min(math.max(full, now), now + capacity)
        local filled = full + cost
        if filled - now > capacity + 1 then
            return {0, 0, math.ceil((full - now) / 1000), math.ceil((filled - now - capacity) / 1000)}
        end
        local reset = math.ceil((filled - now) / 1000)
        redis.call('SET', KEYS[1], string.format('%.0f', filled), 'PX', reset)
        return {1, math.max(0, math.floor((capacity - (filled - now)) / cost + 0.001)), reset, 0}
        """)
}
