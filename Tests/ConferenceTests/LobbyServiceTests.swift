import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct LobbyServiceTests {
    let world = LiveWorld()

    func meeting(capacity: Int? = nil) async throws -> Meeting {
        try await world.joining.meeting(MeetingDraft(title: "T", lobby: .everyone, capacity: capacity))
    }

    @Test func whoKnocksGetsATokenOnlyAfterAHostLetsThemIn() async throws {
        let meeting = try await meeting()
        let (guest, caller) = try await world.guest(meeting)
        #expect(try await world.participation.own(in: meeting.id, by: caller).connection == nil)
        #expect(world.joining.tokens.requests.isEmpty)
        #expect(world.media.calls.isEmpty, "nobody is in, so there is no room")

        let admitted = try await world.lobby.admit(guest.id, in: meeting.id, by: world.owner)
        #expect(admitted.admittedAt == world.clock.now)
        let own = try await world.participation.own(in: meeting.id, by: caller)
        #expect(own.status == .admitted)
        #expect(own.meeting.state == .live)
        #expect(own.connection?.token == "token-of-\(guest.id)")
        #expect(world.media.rooms.keys.map(\.self) == [meeting.id])
        #expect(world.events.names == ["lobby.knocked", "participant.admitted", "lobby.left"])
        #expect(world.events.events.map(\.audience) == [.hosts, .participant(guest.id), .hosts])
        #expect(world.joining.audit.actions.contains(.participantAdmitted))
        #expect(world.joining.timeline.kinds == ["participant.admitted"])
    }

    @Test func admittingTwiceChangesNothing() async throws {
        let meeting = try await meeting()
        let (guest, _) = try await world.guest(meeting)
        let first = try await world.lobby.admit(guest.id, in: meeting.id, by: world.owner)
        world.clock.advance(by: 5)
        #expect(try await world.lobby.admit(guest.id, in: meeting.id, by: world.owner) == first)
        #expect(world.joining.timeline.kinds.count == 1)
    }

    @Test func whoIsTurnedAwayLearnsItAndCantBeLetInAnyMore() async throws {
        let meeting = try await meeting()
        let (guest, caller) = try await world.guest(meeting)
        try await world.lobby.deny(guest.id, in: meeting.id, by: world.owner)
        try await world.lobby.deny(guest.id, in: meeting.id, by: world.owner)
        #expect(try await world.status(caller, meeting) == .denied)
        await #expect(throws: ConferenceError.conflict(.participantNotWaiting)) {
            try await world.lobby.admit(guest.id, in: meeting.id, by: world.owner)
        }
        #expect(world.joining.timeline.kinds == ["participant.denied"])
    }

    @Test func aKnockThatNobodyAnswersEnds() async throws {
        let meeting = try await meeting()
        let (guest, caller) = try await world.guest(meeting)
        world.clock.advance(by: 15 * 60 - 1)
        #expect(try await world.status(caller, meeting) == .waiting)
        world.clock.advance(by: 1)
        #expect(try await world.status(caller, meeting) == .unanswered)
        await #expect(throws: ConferenceError.conflict(.participantNotWaiting)) {
            try await world.lobby.admit(guest.id, in: meeting.id, by: world.owner)
        }
        #expect(try await world.roster(of: meeting).isEmpty)
    }

    @Test func allAreLetInAsLongAsThereAreSeats() async throws {
        let meeting = try await meeting(capacity: 2)
        var waiting: [Participant] = []
        for _ in 0..<3 { waiting.append(try await world.guest(meeting).participant) }
        let outcome = try await world.lobby.admitAll(in: meeting.id, by: world.owner)
        #expect(outcome.admitted.map(\.id) == waiting.prefix(2).map(\.id))
        #expect(outcome.stillWaiting == 1)
        await #expect(throws: ConferenceError.meetingFull) {
            try await world.lobby.admit(waiting[2].id, in: meeting.id, by: world.owner)
        }
    }

    @Test func onlyHostsOpenTheDoor() async throws {
        let meeting = try await meeting()
        let (guest, caller) = try await world.guest(meeting)
        await #expect(throws: ConferenceError.forbidden) {
            try await world.lobby.admit(guest.id, in: meeting.id, by: caller)
        }
        await #expect(throws: ConferenceError.forbidden) { try await world.lobby.admitAll(in: meeting.id, by: caller) }
        await #expect(throws: ConferenceError.forbidden) {
            try await world.lobby.deny(guest.id, in: meeting.id, by: caller)
        }
        #expect(try await world.status(caller, meeting) == .waiting)
    }

    @Test func whoWaitsMayLeaveAndHostsLearnIt() async throws {
        let meeting = try await meeting()
        let (_, caller) = try await world.guest(meeting)
        try await world.participation.leave(meeting.id, by: caller)
        try await world.participation.leave(meeting.id, by: caller)
        #expect(try await world.status(caller, meeting) == .left)
        #expect(world.events.names == ["lobby.knocked", "lobby.left"])
    }

    @Test func whoseSeatWasGivenAwayMustFindAnother() async throws {
        let meeting = try await world.joining.meeting(MeetingDraft(title: "T", capacity: 2))
        let (_, slow) = try await world.guest(meeting)
        world.clock.advance(by: 601)
        let (other, _) = try await world.guest(meeting)
        let (another, _) = try await world.guest(meeting)
        await #expect(throws: ConferenceError.meetingFull) {
            try await world.participation.own(in: meeting.id, by: slow)
        }
        world.store.markGone(other.id, at: world.clock.now)
        #expect(try await world.participation.own(in: meeting.id, by: slow).connection != nil)
        #expect(another.id != other.id)
    }
}

extension LiveWorld {
    /// Whom a host sees.
    func roster(of meeting: Meeting) async throws -> [RosterEntry] {
        try await participation.roster(try PageRequest(), waiting: nil, in: meeting.id, by: owner).items
    }
}
