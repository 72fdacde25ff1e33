import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct ConnectionTestServiceTests {
    let store = MemoryMeetingStore()
    let clock = TestClock()
    let limiter = CountingLimiter()
    let tokens = RecordingTokens()
    let media = MemoryRooms()
    let ids = CountingIDs()
    let member = Principal(accountID: AccountID(UUIDv7Generator().next()), role: .member)

    var service: ConnectionTestService {
        ConnectionTestService(
            media: media, meetings: store, tokens: tokens, limiter: limiter, clock: clock, ids: ids)
    }

    func meeting() async throws -> Meeting {
        let meetings = MeetingService(
            meetings: store, hasher: TransparentHasher(), audit: MemoryAudit(), clock: clock, ids: ids,
            random: SystemRandomSource())
        return try await meetings.create(MeetingDraft(title: "T"), by: member)
    }

    @Test func aGuestWithALinkGetsTwoTokensForARoomThatIsNoMeetings() async throws {
        let meeting = try await meeting()
        let test = try await service.begin(by: nil, invitedTo: meeting.joinCode, from: "192.0.2.1")
        let rooms = Set(tokens.requests.map(\.room))
        #expect(rooms == Set(media.rooms.keys))
        #expect(rooms.count == 1)
        #expect(!rooms.contains(meeting.id))
        #expect(test.senderToken != test.receiverToken)
        #expect(tokens.requests.map(\.grants.canPublish) == [true, false])
        #expect(tokens.requests.map(\.grants.canSubscribe) == [false, true])
        #expect(tokens.requests.allSatisfy { !$0.grants.roomAdmin && !$0.grants.canPublishData })
        #expect(test.expiresAt == clock.now.addingTimeInterval(300))
        #expect(store.participants.isEmpty)
    }

    @Test func whoIsSignedInNeedsNoLink() async throws {
        _ = try await service.begin(by: member, invitedTo: nil, from: "192.0.2.1")
        #expect(media.rooms.count == 1)
    }

    @Test func strangersGetNoRoom() async throws {
        await #expect(throws: ConferenceError.notAuthenticated) {
            try await service.begin(by: nil, invitedTo: nil, from: "192.0.2.1")
        }
        let unknown = try #require(JoinCode("0000-0000-0000-0000-0000"))
        await #expect(throws: ConferenceError.notFound(.meeting)) {
            try await service.begin(by: nil, invitedTo: unknown, from: "192.0.2.1")
        }
        #expect(media.rooms.isEmpty)
        #expect(limiter.keys.isEmpty)
    }

    @Test func oneAddressTestsOnlySoOften() async throws {
        for _ in 0..<Limits.connectionTestsPerAddress.capacity {
            _ = try await service.begin(by: member, invitedTo: nil, from: "192.0.2.1")
        }
        await #expect(throws: ConferenceError.tooManyAttempts(retryAfter: .seconds(10))) {
            try await service.begin(by: member, invitedTo: nil, from: "192.0.2.1")
        }
        _ = try await service.begin(by: member, invitedTo: nil, from: "192.0.2.2")
    }

    @Test func withoutTheMediaServerThereIsNoTest() async throws {
        media.isAway = true
        await #expect(throws: ConferenceError.self) {
            try await service.begin(by: member, invitedTo: nil, from: "192.0.2.1")
        }
        #expect(tokens.requests.isEmpty)
    }
}
