import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Redis
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisPresenceStoreTests {
    private func participant(_ name: String, joined: TimeInterval) -> PresentParticipant {
        PresentParticipant(identity: "id-\(name)", displayName: name, joinedAt: Date(timeIntervalSince1970: joined))
    }

    @Test func participantsAreListedInTheOrderTheyJoined() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let store = RedisPresenceStore(redis: test.redis)
            let meeting = UUID()
            let late = participant("Bo with spaces 🎥", joined: 2_000.25)
            let early = participant("", joined: 1_000)
            try await store.add(late, to: meeting)
            try await store.add(early, to: meeting)
            try await store.add(late, to: meeting)
            #expect(try await store.list(meetingID: meeting) == [early, late])
            #expect(try await store.count(meetingID: meeting) == 2)
            #expect(try await store.count(meetingID: UUID()) == 0)
            #expect(try await store.remove(identity: late.identity, from: meeting))
            #expect(try await store.remove(identity: late.identity, from: meeting) == false)
            #expect(try await store.list(meetingID: meeting) == [early])
            #expect(try await store.list(meetingID: UUID()) == [])
        }
    }

    @Test func whoIsNotTouchedGoesAway() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let brief = RedisPresenceStore(redis: test.redis, expiry: .milliseconds(50))
            let lasting = RedisPresenceStore(redis: test.redis, expiry: .seconds(10))
            let meeting = UUID()
            let ada = participant("Ada", joined: 1)
            let bo = participant("Bo", joined: 2)
            try await lasting.add(bo, to: meeting)
            try await brief.add(ada, to: meeting)
            #expect(try await lasting.touch(identity: bo.identity, in: meeting))
            try await test.loop.sleep(for: .milliseconds(60))
            #expect(try await lasting.list(meetingID: meeting) == [bo])
            #expect(try await lasting.touch(identity: ada.identity, in: meeting) == false)
        }
    }

    @Test func withoutRedisTheCallerLearnsThatPresenceIsUnavailable() async throws {
        let server = try RedisServerProcess()
        try await RedisHarness.run(server.url) { test async throws in
            let store = RedisPresenceStore(redis: test.redis)
            await #expect(throws: PresenceUnavailable.self) { try await store.count(meetingID: UUID()) }
        }
    }
}
