import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct MeetingAccessTests {
    let world = JoinServiceTests()

    var access: MeetingAccess { MeetingAccess(meetings: world.store, participants: world.store) }

    func claim(_ ticket: JoinTicket) -> ParticipantClaim? {
        PlainKeys().claim(of: ticket.key.text, at: world.clock.now)
    }

    @Test func aGuestWithAKeyIsAGuestOfThatMeetingOnly() async throws {
        let meeting = try await world.meeting()
        let other = try await world.meeting()
        let ticket = try await world.service.join(world.guest(meeting))
        let caller = MeetingCaller(principal: nil, claim: claim(ticket))

        let standing = try await access.standing(of: caller, in: meeting.id)
        #expect(standing.role == .guest)
        #expect(standing.isAdmitted)
        #expect(standing.participant == ticket.participant)
        #expect(throws: ConferenceError.forbidden) { try standing.requireHost() }
        await #expect(throws: ConferenceError.notFound(.meeting)) {
            try await access.standing(of: caller, in: other.id)
        }
    }

    @Test func whoWaitsInTheLobbyIsNotAdmitted() async throws {
        let meeting = try await world.meeting(MeetingDraft(title: "T", lobby: .guests))
        let ticket = try await world.service.join(world.guest(meeting))
        let standing = try await access.standing(
            of: MeetingCaller(principal: nil, claim: claim(ticket)), in: meeting.id)
        #expect(!standing.isAdmitted)
        #expect(throws: ConferenceError.notAdmitted) { try standing.requireAdmitted() }
        #expect(throws: ConferenceError.notAdmitted) { try standing.require(.everyone) }
    }

    @Test func ownerAndAdministratorsAreHostsAlsoFromOutside() async throws {
        let meeting = try await world.meeting()
        for principal in [world.owner, world.admin] {
            let standing = try await access.standing(
                of: MeetingCaller(principal: principal, claim: nil), in: meeting.id)
            #expect(standing.isHost)
            #expect(standing.participant == nil)
            #expect(standing.accountID == principal.accountID)
        }
        await #expect(throws: ConferenceError.notFound(.meeting)) {
            try await access.standing(of: MeetingCaller(principal: world.member, claim: nil), in: meeting.id)
        }
    }

    @Test func whoHasLeftIsNoLongerInTheMeeting() async throws {
        let meeting = try await world.meeting()
        let ticket = try await world.service.join(world.guest(meeting))
        world.store.markGone(ticket.participant.id, at: world.clock.now)
        await #expect(throws: ConferenceError.notInMeeting) {
            try await access.standing(of: MeetingCaller(principal: nil, claim: claim(ticket)), in: meeting.id)
        }
    }
}
