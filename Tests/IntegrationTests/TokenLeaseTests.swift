import Conference
import Testing

@testable import ConferenceStores

@Suite struct TokenLeaseTests {
    /// 320 tokens, one every 50 ms; a lease has 20 at most.
    private let bucket = RateLimitBucket(name: "test", capacity: 320, refillPerSecond: 20, isLeasable: true)
    private let cost = 50_000.0

    @Test func whoCallsSeldomTakesOneAtATime() {
        var lease = TokenLease(now: 0)
        #expect(lease.wish(bucket, now: 0) == 1)
        let decision = lease.grant(1, of: bucket, reset: cost, now: 0)
        #expect(decision.remaining == 319)
        #expect(decision.resetAfter == .milliseconds(50))
        #expect(lease.take(bucket, now: 1) == nil)
        #expect(lease.wish(bucket, now: 2_000_000) == 1)
    }

    @Test func leasesOfABusyClientDoubleUpToTheirLimit() {
        var lease = TokenLease(now: 0)
        var now = 0.0
        var wishes: [Int] = []
        var taken = 0.0
        for _ in 0..<7 {
            let wish = lease.wish(bucket, now: now)
            wishes.append(wish)
            taken += Double(wish)
            _ = lease.grant(wish, of: bucket, reset: taken * cost - now, now: now)
            while lease.take(bucket, now: now) != nil {}
            now += 1000
        }
        #expect(wishes == [1, 2, 4, 8, 16, 20, 20])
    }

    @Test func limitsThatCountEachTryAreNeverLeased() {
        let exact = RateLimitBucket(name: "sign-in", capacity: 2000, refillPerSecond: 1)
        var lease = TokenLease(now: 0)
        _ = lease.grant(1, of: exact, reset: 1_000_000, now: 0)
        #expect(lease.wish(exact, now: 1) == 1)
    }

    @Test func decisionsSayWhatTheBucketWouldSayWithoutALease() {
        var lease = TokenLease(now: 0)
        var full: Double?
        func plain(_ now: Double) -> RateLimitDecision {
            let (decision, fullAt) = TokenBucket.take(bucket, fullAt: full, now: now)
            full = fullAt
            return decision
        }
        #expect(lease.grant(8, of: bucket, reset: 8 * cost, now: 0) == plain(0))
        for now in [10_000.0, 20_000, 120_000] { #expect(lease.take(bucket, now: now) == plain(now)) }
    }

    @Test func whatWouldOverflowTheBucketIsVoid() {
        var lease = TokenLease(now: 0)
        _ = lease.grant(8, of: bucket, reset: 8 * cost, now: 0)
        // Five of the eight tokens have come back meanwhile, so that of the seven held three are left.
        var left = 0
        while lease.take(bucket, now: 5 * cost) != nil { left += 1 }
        #expect(left == 3)
    }

    @Test func tokensAreHeldForASecondAtMost() {
        var lease = TokenLease(now: 0)
        _ = lease.grant(8, of: bucket, reset: 200 * cost, now: 0)
        #expect(lease.take(bucket, now: 999_999) != nil)
        #expect(lease.take(bucket, now: 1_000_000) == nil)
    }
}
