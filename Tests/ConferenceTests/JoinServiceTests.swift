import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct JoinServiceTests {
    let store = MemoryMeetingStore()
    let clock = TestClock()
    let limiter = CountingLimiter()
    let tokens = RecordingTokens()
    let media = MemoryRooms()
    let events = RecordingEvents()
    let timeline = MemoryTimeline()
    let audit = MemoryAudit()
    let rooms: MeetingRooms
    let keys = PlainKeys()
    let hasher = TransparentHasher()
    let ids = CountingIDs()
    let owner = Principal(accountID: AccountID(UUIDv7Generator().next()), role: .member)
    let member = Principal(accountID: AccountID(UUIDv7Generator().next()), role: .member)
    let admin = Principal(accountID: AccountID(UUIDv7Generator().next()), role: .admin)

    init() {
        rooms = MeetingRooms(media: media, meetings: store, participants: store, clock: clock)
    }

    var doorway: Doorway { Doorway(rooms: rooms, tokens: tokens, clock: clock) }
    var journal: MeetingJournal { MeetingJournal(audit: audit, timeline: timeline, events: events, clock: clock) }

    var service: JoinService {
        JoinService(
            participants: store, hasher: hasher, limiter: limiter, doorway: doorway, keys: keys, journal: journal,
            clock: clock, ids: ids)
    }

    func meeting(_ draft: MeetingDraft = MeetingDraft(title: "T")) async throws -> Meeting {
        let meetings = MeetingService(
            meetings: store, hasher: hasher, audit: MemoryAudit(), clock: clock, ids: ids, random: SystemRandomSource())
        return try await meetings.create(draft, by: owner)
    }

    func guest(_ meeting: Meeting, passcode: String? = nil, from address: String = "192.0.2.1") -> JoinRequest {
        JoinRequest(
            meeting: .code(meeting.joinCode), joiner: .guest(displayName: "Guest"), passcode: passcode,
            clientAddress: address)
    }

    func signedIn(_ principal: Principal, _ meeting: Meeting) -> JoinRequest {
        JoinRequest(
            meeting: .id(meeting.id), joiner: .account(principal, displayName: "Name"), passcode: nil,
            clientAddress: "192.0.2.1")
    }

    @Test func aGuestGetsATokenForThatRoomAndTheMeetingGoesLive() async throws {
        let meeting = try await meeting()
        let ticket = try await service.join(guest(meeting))
        let token = try #require(ticket.connection)
        #expect(token.token == "token-of-\(ticket.participant.id)")
        #expect(token.expiresAt == clock.now.addingTimeInterval(600))
        #expect(ticket.meeting.state == .live)
        #expect(ticket.participant.role == .guest)
        #expect(store.participants == [ticket.participant])
        #expect(tokens.requests.map(\.room) == [meeting.id])
    }

    @Test(.timeLimit(.minutes(1))) func aRoomIsMadeAnewBeforeItIsNoLongerBelievedIn() async throws {
        let meeting = try await meeting()
        let call = "createRoom \(meeting.id)"
        for pause in [0, 1.9, 0.1] {
            clock.advance(by: pause)
            _ = try await service.join(guest(meeting))
        }
        while media.calls.count < 2 {
            try Task.checkCancellation()
            await Task.yield()
        }
        // Six seconds after the first look and four after the second one, which counts.
        media.isAway = true
        clock.advance(by: 4)
        _ = try await service.join(guest(meeting))
        clock.advance(by: 1)
        await #expect(throws: ConferenceError.self) { try await service.join(guest(meeting)) }
        media.isAway = false
        _ = try await service.join(guest(meeting))
        #expect(media.calls == [call, call, call])
    }

    @Test func rolesFollowFromWhoJoins() async throws {
        let meeting = try await meeting()
        #expect(try await service.join(signedIn(owner, meeting)).participant.role == .host)
        #expect(try await service.join(signedIn(admin, meeting)).participant.role == .host)
        #expect(try await service.join(signedIn(member, meeting)).participant.role == .member)
        #expect(tokens.requests.map(\.grants.roomAdmin) == [true, true, false])
    }

    @Test func grantsFollowFromSettings() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", screenShare: .hosts, chat: .nobody, draw: .nobody))
        let host = try #require(await service.join(signedIn(owner, meeting)).connection).grants
        let guest = try #require(await service.join(guest(meeting)).connection).grants
        #expect(host.publishSources == [.camera, .microphone, .screenShare, .screenShareAudio])
        #expect(guest.publishSources == [.camera, .microphone])
        #expect(!host.canPublishData && !guest.canPublishData)
        #expect(host.canSubscribe && guest.canSubscribe && guest.canPublish)
    }

    @Test func anEndedMeetingLetsNobodyIn() async throws {
        let meeting = try await meeting()
        _ = try await store.end(meeting.id, at: clock.now)
        await #expect(throws: ConferenceError.meetingEnded) { try await service.join(guest(meeting)) }
        await #expect(throws: ConferenceError.meetingEnded) { try await service.join(signedIn(owner, meeting)) }
        #expect(store.participants.isEmpty)
    }

    @Test func aLockedMeetingLetsOnlyHostsIn() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", locked: true))
        await #expect(throws: ConferenceError.meetingLocked) { try await service.join(guest(meeting)) }
        await #expect(throws: ConferenceError.meetingLocked) { try await service.join(signedIn(member, meeting)) }
        #expect(try await service.join(signedIn(owner, meeting)).connection != nil)
    }

    @Test func aFullMeetingLetsNobodyIn() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", capacity: 2))
        _ = try await service.join(guest(meeting))
        _ = try await service.join(guest(meeting))
        await #expect(throws: ConferenceError.meetingFull) { try await service.join(guest(meeting)) }
        await #expect(throws: ConferenceError.meetingFull) { try await service.join(signedIn(owner, meeting)) }
    }

    @Test func thePasscodeOpensTheDoorAndHostsNeedNone() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", passcode: "2468"))
        await #expect(throws: ConferenceError.passcodeRequired) { try await service.join(guest(meeting)) }
        await #expect(throws: ConferenceError.wrongPasscode) {
            try await service.join(guest(meeting, passcode: "2469"))
        }
        #expect(try await service.join(guest(meeting, passcode: "2468")).connection != nil)
        #expect(try await service.join(signedIn(owner, meeting)).connection != nil)
        #expect(store.participants.count == 2)
    }

    @Test func guessingThePasscodeIsLimitedForAnAddressAndAMeeting() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", passcode: "2468"))
        for _ in 0..<Limits.passcodePerAddress.capacity {
            await #expect(throws: ConferenceError.wrongPasscode) {
                try await service.join(guest(meeting, passcode: "0000"))
            }
        }
        let work = hasher.work
        await #expect(throws: ConferenceError.tooManyAttempts(retryAfter: .seconds(10))) {
            try await service.join(guest(meeting, passcode: "2468"))
        }
        #expect(hasher.work == work, "a refused guess costs no hashing")
        #expect(try await service.join(guest(meeting, passcode: "2468", from: "192.0.2.2")).connection != nil)
        #expect(limiter.keys.contains("passcode-meeting \(meeting.id)"))
    }

    @Test func theLobbyHoldsGuestsWithoutAToken() async throws {
        let meeting = try await meeting(MeetingDraft(title: "T", lobby: .guests))
        let waiting = try await service.join(guest(meeting))
        #expect(waiting.connection == nil)
        #expect(waiting.participant.admittedAt == nil)
        #expect(waiting.meeting.state == .scheduled)
        #expect(try await service.join(signedIn(member, meeting)).connection != nil)
        #expect(tokens.requests.count == 1)
    }

    @Test func guestsComeByLinkOnly() async throws {
        let meeting = try await meeting()
        let request = JoinRequest(
            meeting: .id(meeting.id), joiner: .guest(displayName: "G"), passcode: nil, clientAddress: "x")
        await #expect(throws: ConferenceError.forbidden) { try await service.join(request) }
    }

    @Test func anUnknownMeetingIsNotFound() async throws {
        let request = JoinRequest(
            meeting: .code(JoinCode(random: SystemRandomSource())), joiner: .guest(displayName: "G"), passcode: nil,
            clientAddress: "x")
        await #expect(throws: ConferenceError.notFound(.meeting)) { try await service.join(request) }
    }
}
