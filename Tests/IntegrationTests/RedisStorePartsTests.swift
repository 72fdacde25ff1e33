import Conference
import FoundationEssentials
import Testing

@testable import ConferenceStores

@Suite struct TokenBucketTests {
    private let bucket = RateLimitBucket(name: "test", capacity: 3, refillPerSecond: 2)

    @Test func aBurstEmptiesItAndTimeRefillsIt() {
        var fullAt: Double?
        func take(_ now: Double) -> RateLimitDecision {
            let (decision, full) = TokenBucket.take(bucket, fullAt: fullAt, now: now)
            fullAt = full
            return decision
        }
        let burst = (0..<4).map { _ in take(1_000_000) }
        #expect(burst.map(\.allowed) == [true, true, true, false])
        #expect(burst.map(\.remaining) == [2, 1, 0, 0])
        #expect(burst.map(\.resetAfter) == [500, 1000, 1500, 1500].map { .milliseconds($0) })
        #expect(burst.map(\.retryAfter) == [nil, nil, nil, .milliseconds(500)])
        #expect(take(1_400_000).retryAfter == .milliseconds(100))
        #expect(take(1_500_000).allowed)
        #expect(!take(1_500_000).allowed)
        #expect(take(60_000_000).remaining == 2)
    }

    @Test func aClockThatGoesBackDoesNotLockAnyoneOutForLong() {
        let (decision, _) = TokenBucket.take(bucket, fullAt: 1e15, now: 0)
        #expect(decision.retryAfter == .milliseconds(500))
    }
}

@Suite struct LeastRecentlyUsedTests {
    @Test func whatWasNotUsedForLongestGoesFirst() {
        var cache = LeastRecentlyUsed<Int, String>(limit: 3)
        for key in 1...3 { cache.set("\(key)", for: key) }
        let used = cache[1]
        cache.set("4", for: 4)
        cache.set("three", for: 3)
        cache.set("5", for: 5)
        let left = (1...5).map { cache[$0] }
        #expect(used == "1")
        #expect(left == [nil, nil, "three", "4", "5"])
        #expect(cache.count == 3)
    }

    @Test func itNeverGrowsBeyondItsLimit() {
        var cache = LeastRecentlyUsed<Int, Int>(limit: 100)
        for round in 0..<10_000 {
            cache.set(round, for: round % 257)
            _ = cache[(round &* 7919) % 257]
        }
        let newest = cache[9_999 % 257]
        #expect(cache.count == 100)
        #expect(newest == 9_999)
    }
}

@Suite struct Base64URLTests {
    @Test func everyLengthComesBack() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        #expect(Base64URL.encode([0xfb, 0xff, 0xfe]) == "-__-")
        #expect(Base64URL.encode(Array("any carnal pleas".utf8)) == "YW55IGNhcm5hbCBwbGVhcw")
    }

    @Test(arguments: ["A", "+/==", "AA==", "AB", "AAB", "A A", "AAAAA"])
    func otherSpellingsAreRefused(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}

@Suite struct SessionCookieTests {
    private let key = SessionCookie.key(secret: String(repeating: "s", count: 32))
    private let cookie = SessionCookie(
        id: (0..<32).map { UInt8($0) }, issuedAt: Date(microseconds: 1_800_000_000_123_456), isPending: true,
        record: SessionRecord(
            SessionAccount(id: UUID(), role: .admin, email: "ada@example.org", displayName: "Ada Ü 🎥"),
            createdAt: Date(microseconds: 1_700_000_000_654_321)))

    @Test func whatIsSignedComesBack() {
        #expect(SessionCookie(cookie.text(signedWith: key), signedWith: key) == cookie)
    }

    @Test func aChangeOfAnyCharacterIsRefused() {
        let text = Array(cookie.text(signedWith: key).utf8)
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            #expect(SessionCookie(String(decoding: changed, as: UTF8.self), signedWith: key) == nil)
        }
    }

    @Test func anotherSecretAndCutTextsAreRefused() {
        let text = cookie.text(signedWith: key)
        let other = SessionCookie.key(secret: String(repeating: "t", count: 32))
        #expect(SessionCookie(text, signedWith: other) == nil)
        for count in 0..<text.count { #expect(SessionCookie(String(text.prefix(count)), signedWith: key) == nil) }
        #expect(SessionCookie(text + ".", signedWith: key) == nil)
    }

    @Test func aRecordOfOtherBytesIsRefused() {
        let bytes = cookie.record.encoded
        for count in 0..<bytes.count { #expect(SessionRecord(bytes[..<count]) == nil) }
        #expect(SessionRecord((bytes + [0])[...]) == nil)
    }
}

@Suite struct RevocationMemoryTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    @Test func anAccountsLaterSessionsAreNotForbidden() {
        var memory = RevocationMemory()
        let account = UUID()
        memory.add(.account(account), at: start, forgetAt: start.addingTimeInterval(900), isDeferred: true)
        #expect(memory.forbids(digest: "a", account: account, createdAt: start.addingTimeInterval(-1)))
        #expect(!memory.forbids(digest: "a", account: account, createdAt: start))
        #expect(!memory.forbids(digest: "a", account: UUID(), createdAt: start.addingTimeInterval(-1)))
    }

    @Test func whatRedisHasNotHeardOfIsForgottenLast() {
        var memory = RevocationMemory(limit: 10)
        let account = UUID()
        for number in 0..<30 {
            memory.add(
                .session(digest: "\(number)", account: account), at: start, forgetAt: start.addingTimeInterval(900),
                isDeferred: number < 5)
        }
        #expect(memory.count <= 10)
        #expect(memory.deferredCount == 5)
        for number in 0..<5 { #expect(memory.forbids(digest: "\(number)", account: account, createdAt: start)) }
    }

    @Test func aDeliveredRevocationStaysInForceHere() {
        var memory = RevocationMemory()
        let subject = RevocationMemory.Subject.session(digest: "a", account: UUID())
        memory.add(subject, at: start, forgetAt: start.addingTimeInterval(900), isDeferred: true)
        memory.delivered(subject, at: start)
        #expect(memory.deferred.isEmpty)
        #expect(memory.forbids(digest: "a", account: UUID(), createdAt: start) == false)
        #expect(memory.count == 1)
    }
}
