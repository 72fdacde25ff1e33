import Conference
import FoundationEssentials
import Platform
import Redis
import Synchronization
import Testing

@testable import ConferenceStores

@Suite(.timeLimit(.minutes(1))) struct RedisSessionStoreTests {
    private struct Fixture {
        let test: RedisHarness
        let clock = RedisTestClock()
        let sink = CollectingSink()
        let prefix = "test:session:\(UInt64.random(in: 0 ... .max))"
        let account = SessionAccount(id: UUID(), role: .member, email: "ada@example.org", displayName: "Ada")

        /// Another instance of the program, with the same secret.
        func store(validAfter: @escaping RedisSessionStore.ValidAfter = { _ in nil }) -> RedisSessionStore {
            RedisSessionStore(
                redis: test.redis, secret: String(repeating: "secret", count: 6), prefix: prefix, clock: clock,
                log: Logger(component: "test", sink: sink), validAfter: validAfter)
        }
    }

    /// With the shared server.
    private func withRedis(_ body: @escaping @Sendable (Fixture) async throws -> Void) async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test in
            try await body(Fixture(test: test))
        }
    }

    /// With a server of its own, that the test may kill and start.
    private func withOwnRedis(
        _ body: @escaping @Sendable (Fixture, RedisServerProcess) async throws -> Void
    ) async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test in
            await test.untilConnected()
            try await body(Fixture(test: test), unsafeServer)
        }
    }

    // MARK: With Redis

    @Test func aSessionIsFoundByItsCookieOnEveryInstance() async throws {
        try await withRedis { fixture in
            let issued = await fixture.store().create(for: fixture.account)
            let found = await fixture.store().find(cookie: issued.cookie)
            #expect(found?.session == issued.session)
            #expect(found?.session.email == "ada@example.org")
            #expect(found?.isConfirmed == true)
            #expect(found?.renewedCookie == nil)
            #expect(issued.session.expiresAt == fixture.clock.now.addingTimeInterval(14 * 86_400))
        }
    }

    @Test func redisNeverHoldsWhatWouldLetAReaderIn() async throws {
        try await withRedis { fixture in
            let issued = await fixture.store().create(for: fixture.account)
            let keys = try await fixture.test.redis.send(["KEYS", .text(fixture.prefix + "*")]).array ?? []
            #expect(keys.count == 2)
            // The id: bytes 3 to 34 of the cookie's payload, characters 4 to 45 of its text, but for the edges.
            let id = issued.cookie.dropFirst(8).prefix(32)
            for key in keys { #expect(key.string?.contains(id) == false) }
        }
    }

    @Test func aRevokedSessionEndsAtOnceEverywhere() async throws {
        try await withRedis { fixture in
            let issued = await fixture.store().create(for: fixture.account)
            let kept = await fixture.store().create(for: fixture.account)
            #expect(await fixture.store().revoke(cookie: issued.cookie) == .done)
            #expect(await fixture.store().find(cookie: issued.cookie) == nil)
            #expect(await fixture.store().find(cookie: kept.cookie) != nil)
        }
    }

    @Test func whatRedisConfirmedIsRememberedUntilARevocationOnAnyInstance() async throws {
        try await withRedis { fixture in
            let (here, elsewhere) = (fixture.store(), fixture.store())
            try await here.start()
            let kept = await elsewhere.create(for: fixture.account)
            let ended = await elsewhere.create(for: fixture.account)
            // Remembered from when revocations are heard: then a key that is gone is not missed.
            let digest = try #require(
                try await fixture.test.redis.send(["ZRANGE", .text("\(fixture.prefix)of:\(fixture.account.id)"), 0, -1])
                    .array?.compactMap(\.string))
            try await eventually("listening") {
                _ = await here.find(cookie: kept.cookie)
                _ = await here.find(cookie: ended.cookie)
                return here.isRemembered(kept.cookie)
            }
            for key in digest {
                _ = try await fixture.test.redis.send([
                    "RENAME", .text("\(fixture.prefix):\(key)"), .text("\(fixture.prefix)aside:\(key)"),
                ])
            }
            #expect(await here.find(cookie: kept.cookie) != nil)
            for key in digest {
                _ = try await fixture.test.redis.send([
                    "RENAME", .text("\(fixture.prefix)aside:\(key)"), .text("\(fixture.prefix):\(key)"),
                ])
            }
            #expect(await elsewhere.revoke(cookie: ended.cookie) == .done)
            try await eventually("the revocation") { await here.find(cookie: ended.cookie) == nil }
            #expect(await here.find(cookie: kept.cookie) != nil)
            #expect(await here.revoke(cookie: kept.cookie) == .done)
            #expect(await here.find(cookie: kept.cookie) == nil)
            await here.stop()
        }
    }

    @Test func allSessionsOfAnAccountEndAndLaterOnesDoNot() async throws {
        try await withRedis { fixture in
            let other = SessionAccount(id: UUID(), role: .admin, email: "b@example.org", displayName: "B")
            let store = fixture.store()
            let old = [await store.create(for: fixture.account), await store.create(for: fixture.account)]
            let others = await store.create(for: other)
            fixture.clock.advance(by: .seconds(1))
            #expect(await store.revokeAll(of: fixture.account.id) == .done)
            let new = await store.create(for: fixture.account)
            for issued in old { #expect(await fixture.store().find(cookie: issued.cookie) == nil) }
            for issued in [others, new] {
                #expect(await store.find(cookie: issued.cookie) != nil)
                #expect(await fixture.store().find(cookie: issued.cookie) != nil)
            }
        }
    }

    @Test func useRenewsTheCookieAndMovesTheExpiry() async throws {
        try await withRedis { fixture in
            let issued = await fixture.store().create(for: fixture.account)
            fixture.clock.advance(by: .seconds(301))
            let found = await fixture.store().find(cookie: issued.cookie)
            let renewed = try #require(found?.renewedCookie)
            #expect(found?.session.expiresAt == fixture.clock.now.addingTimeInterval(14 * 86_400))
            let again = await fixture.store().find(cookie: renewed)
            #expect(again?.renewedCookie == nil)
            #expect(again?.session.createdAt == issued.session.createdAt)
        }
    }

    @Test func withoutUseASessionEndsAndInAnyCaseAfterNinetyDays() async throws {
        try await withRedis { fixture in
            let unused = await fixture.store().create(for: fixture.account)
            var cookie = unused.cookie
            for _ in 0..<8 {
                fixture.clock.advance(by: .seconds(11 * 86_400))
                cookie = try #require(await fixture.store().find(cookie: cookie)?.renewedCookie)
            }
            #expect(await fixture.store().find(cookie: unused.cookie) == nil)
            fixture.clock.advance(by: .seconds(2 * 86_400))
            #expect(await fixture.store().find(cookie: cookie) == nil)
        }
    }

    @Test func forgedCookiesAreRefusedWithoutAskingRedis() async throws {
        try await withRedis { fixture in
            for cookie in ["", "x", "a.b", String(repeating: "A", count: 100_000)] {
                #expect(await fixture.store().find(cookie: cookie) == nil)
                #expect(await fixture.store().revoke(cookie: cookie) == .done)
            }
        }
    }

    // MARK: Without Redis

    @Test func withoutRedisAYoungCookieIsAcceptedForAQuarterOfAnHour() async throws {
        try await withOwnRedis { fixture, server in
            let store = fixture.store()
            let issued = await store.create(for: fixture.account)
            server.kill()
            await fixture.test.untilAway()
            fixture.clock.advance(by: .seconds(899))
            let found = await store.find(cookie: issued.cookie)
            #expect(found?.session == issued.session)
            #expect(found?.isConfirmed == false)
            #expect(found?.renewedCookie == nil)
            fixture.clock.advance(by: .seconds(1))
            #expect(await store.find(cookie: issued.cookie) == nil)
            #expect(fixture.sink.messages.count == 1, "\(fixture.sink.messages)")
        }
    }

    @Test func whoSignsInWithoutRedisIsWrittenThereByTheNextRequest() async throws {
        try await withOwnRedis { fixture, server in
            server.kill()
            await fixture.test.untilAway()
            let issued = await fixture.store().create(for: fixture.account)
            #expect(await fixture.store().find(cookie: issued.cookie)?.isConfirmed == false)
            try server.start()
            await fixture.test.untilConnected()
            let found = await fixture.store().find(cookie: issued.cookie)
            #expect(found?.isConfirmed == true)
            let lasting = try #require(found?.renewedCookie)
            fixture.clock.advance(by: .seconds(3600))
            #expect(await fixture.store().find(cookie: lasting)?.isConfirmed == true)
            // The cookie made without Redis can't bring the session back after its end.
            #expect(await fixture.store().revoke(cookie: lasting) == .done)
            #expect(await fixture.store().find(cookie: issued.cookie) == nil)
        }
    }

    @Test func aRevokedSessionMadeWithoutRedisStaysRevoked() async throws {
        try await withOwnRedis { fixture, server in
            server.kill()
            await fixture.test.untilAway()
            let signedOut = await fixture.store().create(for: fixture.account)
            let ended = await fixture.store().create(for: fixture.account)
            try server.start()
            await fixture.test.untilConnected()
            #expect(await fixture.store().revoke(cookie: signedOut.cookie) == .done)
            #expect(await fixture.store().find(cookie: signedOut.cookie) == nil)
            fixture.clock.advance(by: .seconds(1))
            #expect(await fixture.store().revokeAll(of: fixture.account.id) == .done)
            #expect(await fixture.store().find(cookie: ended.cookie) == nil)
        }
    }

    @Test func aRevocationWithoutRedisHoldsHereAndReachesRedisLater() async throws {
        let folder = try temporaryFolder("aof")
        defer { try? run(["/bin/rm", "-rf", folder]) }
        try await withOwnPersistentRedis(folder) { fixture, server in
            let store = fixture.store()
            let issued = [await store.create(for: fixture.account), await store.create(for: fixture.account)]
            server.kill()
            await fixture.test.untilAway()
            #expect(await store.revoke(cookie: issued[0].cookie) == .deferred)
            #expect(await store.find(cookie: issued[0].cookie) == nil)
            #expect(await store.find(cookie: issued[1].cookie) != nil)
            fixture.clock.advance(by: .seconds(1))
            #expect(await store.revokeAll(of: fixture.account.id) == .deferred)
            #expect(await store.find(cookie: issued[1].cookie) == nil)
            let new = await store.create(for: fixture.account)
            try server.start()
            await fixture.test.untilConnected()
            // Any request of this instance tells Redis, and then every instance knows.
            #expect(await store.find(cookie: new.cookie)?.isConfirmed == true)
            for cookie in issued { #expect(await fixture.store().find(cookie: cookie.cookie) == nil) }
        }
    }

    private func withOwnPersistentRedis(
        _ folder: String, _ body: @escaping @Sendable (Fixture, RedisServerProcess) async throws -> Void
    ) async throws {
        let server = try RedisServerProcess(["--dir", folder, "--appendonly", "yes", "--appendfsync", "always"])
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test in
            await test.untilConnected()
            try await body(Fixture(test: test), unsafeServer)
        }
    }

    @Test func withoutRedisTheDatabaseDecidesOnVoidSessions() async throws {
        try await withOwnRedis { fixture, server in
            let begun = fixture.clock.now
            let issued = await fixture.store().create(for: fixture.account)
            server.kill()
            await fixture.test.untilAway()
            #expect(await fixture.store { _ in begun }.find(cookie: issued.cookie) != nil)
            let later = begun.addingTimeInterval(1)
            #expect(await fixture.store { _ in later }.find(cookie: issued.cookie) == nil)
        }
    }
}
