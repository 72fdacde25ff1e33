import Conference
import ConferenceStores
import Platform
import Redis
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisRateLimiterTests {
    private func newPrefix() -> String { "test:limit:\(UInt64.random(in: 0 ... .max)):" }

    @Test func oneBucketIsSharedAndNeverGivesMoreThanItHolds() async throws {
        let bucket = RateLimitBucket(name: "join", capacity: 20, refillPerSecond: 0.01)
        let prefix = newPrefix()
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let log = Logger(component: "test", sink: test.log)
            let limiters = (0..<2).map { _ in RedisRateLimiter(redis: test.redis, prefix: prefix, log: log) }
            let allowed = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask { await limiters[number % 2].take(bucket, key: "198.51.100.7").allowed }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 20)
            let refused = await limiters[0].take(bucket, key: "198.51.100.7")
            #expect(refused.limit == 20)
            #expect(refused.remaining == 0)
            let retry = try #require(refused.retryAfter)
            #expect(retry > .seconds(90) && retry <= .seconds(100))
            #expect(refused.resetAfter > .seconds(1990) && refused.resetAfter <= .seconds(2000))
            let other = await limiters[0].take(bucket, key: String(repeating: "x", count: 5000))
            #expect(other.allowed)
            #expect(other.remaining == 19)
        }
    }

    @Test func leasesOfSeveralInstancesNeverGiveMoreThanTheBucketHolds() async throws {
        let bucket = RateLimitBucket(name: "general", capacity: 320, refillPerSecond: 0.01, isLeasable: true)
        let prefix = newPrefix()
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let log = Logger(component: "test", sink: test.log)
            let limiters = (0..<3).map { _ in RedisRateLimiter(redis: test.redis, prefix: prefix, log: log) }
            var allowed = 0
            for number in 0..<1000 {
                let decision = await limiters[number % 3].take(bucket, key: "a")
                if decision.allowed { allowed += 1 }
                #expect(decision.remaining >= 0 && decision.remaining < 320)
            }
            // What an instance held when its second was over is lost until it comes back.
            #expect(allowed <= 320)
            #expect(allowed >= 160)
            let refused = await limiters[0].take(bucket, key: "a")
            #expect(!refused.allowed)
            #expect(refused.retryAfter != nil)
        }
    }

    @Test func aLoneInstanceUsesAllOfTheBucket() async throws {
        let bucket = RateLimitBucket(name: "general", capacity: 320, refillPerSecond: 0.01, isLeasable: true)
        let prefix = newPrefix()
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let limiter = RedisRateLimiter(
                redis: test.redis, prefix: prefix, log: Logger(component: "t", sink: test.log),
                now: { MonotonicTime(nanoseconds: 1_000_000_000) })
            var remaining: [Int] = []
            var decision = await limiter.take(bucket, key: "a")
            while decision.allowed {
                remaining.append(decision.remaining)
                decision = await limiter.take(bucket, key: "a")
            }
            #expect(remaining == (0..<320).reversed())
        }
    }

    @Test func tokensComeBackWithTime() async throws {
        let bucket = RateLimitBucket(name: "fast", capacity: 2, refillPerSecond: 20)
        let prefix = newPrefix()
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let limiter = RedisRateLimiter(
                redis: test.redis, prefix: prefix, log: Logger(component: "t", sink: test.log))
            var decision = await limiter.take(bucket, key: "a")
            while decision.allowed { decision = await limiter.take(bucket, key: "a") }
            let retry = try #require(decision.retryAfter)
            #expect(retry <= .milliseconds(50))
            try await test.loop.sleep(for: retry)
            #expect(await limiter.take(bucket, key: "a").allowed)
            let keys = try await test.redis.send(["PTTL", .text("\(prefix)fast:a")]).integer
            #expect(keys.map { $0 > 0 && $0 <= 100 } == true)
        }
    }

    @Test func withoutRedisTheProcessLimitsByItselfAndSaysSoOnce() async throws {
        let bucket = RateLimitBucket(name: "sign-in", capacity: 3, refillPerSecond: 0.01)
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        let sink = CollectingSink()
        try await RedisHarness.run(server.url) { test async throws in
            await test.untilConnected()
            let limiter = RedisRateLimiter(redis: test.redis, log: Logger(component: "test", sink: sink))
            #expect(await limiter.take(bucket, key: "a").remaining == 2)
            unsafeServer.kill()
            await test.untilAway()
            var decisions: [Bool] = []
            for _ in 0..<5 { decisions.append(await limiter.take(bucket, key: "a").allowed) }
            #expect(decisions == [true, true, true, false, false])
            try unsafeServer.start()
            await test.untilConnected()
            #expect(await limiter.take(bucket, key: "a").remaining == 2)
            #expect(await limiter.take(bucket, key: "a").remaining == 1)
        }
        #expect(sink.messages.count == 2, "\(sink.messages)")
    }
}
