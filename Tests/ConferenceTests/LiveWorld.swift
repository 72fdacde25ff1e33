import Conference
import ConferenceTestSupport
import FoundationEssentials

/// A meeting that goes on, with the services that people in it use.
struct LiveWorld {
    let joining = JoinServiceTests()
    let messages = MemoryMessages()

    var store: MemoryMeetingStore { joining.store }
    var media: MemoryRooms { joining.media }
    var events: RecordingEvents { joining.events }
    var clock: TestClock { joining.clock }
    var access: MeetingAccess { MeetingAccess(meetings: store, participants: store) }
    var owner: MeetingCaller { MeetingCaller(principal: joining.owner, claim: nil) }

    var participation: ParticipationService {
        ParticipationService(
            access: access, meetings: store, participants: store, lobby: store, moderation: store, media: media,
            doorway: joining.doorway, journal: joining.journal)
    }
    var lobby: LobbyService { LobbyService(access: access, lobby: store, journal: joining.journal) }
    var moderation: ModerationService {
        ModerationService(
            access: access, participants: store, moderation: store, media: media, journal: joining.journal)
    }
    var controls: MeetingControls {
        let meetings = MeetingService(
            meetings: store, hasher: joining.hasher, audit: joining.audit, clock: clock, ids: joining.ids,
            random: SystemRandomSource())
        return MeetingControls(meetings: meetings, access: access, rooms: joining.rooms, journal: joining.journal)
    }
    var chat: MessageService {
        MessageService(
            access: access, messages: messages, limiter: joining.limiter, journal: joining.journal, ids: joining.ids)
    }

    func guest(_ meeting: Meeting) async throws -> (participant: Participant, caller: MeetingCaller) {
        caller(of: try await joining.service.join(joining.guest(meeting)))
    }

    func member(_ meeting: Meeting) async throws -> (participant: Participant, caller: MeetingCaller) {
        caller(of: try await joining.service.join(joining.signedIn(joining.member, meeting)))
    }

    func caller(of ticket: JoinTicket) -> (participant: Participant, caller: MeetingCaller) {
        let claim = PlainKeys().claim(of: ticket.key.text, at: clock.now)
        return (ticket.participant, MeetingCaller(principal: nil, claim: claim))
    }

    func status(_ caller: MeetingCaller, _ meeting: Meeting) async throws -> ParticipantStatus {
        try await participation.own(in: meeting.id, by: caller).status
    }
}
