import Conference
import ConferenceAPI
import ConferenceStores
import Postgres

/// Everything that has to do with meetings and the people in them, wired.
struct LiveParts: Sendable {
    let access: MeetingAccess
    let meetings: MeetingService
    let joining: JoinService
    let connectionTests: ConnectionTestService
    let services: LiveServices

    init(
        _ configuration: Configuration, postgres: Postgres, media: any MediaServing,
        events: any MeetingEventPublishing, limiter: any RateLimiting, hasher: any PasswordHashing,
        keys: any ParticipantKeySigning, clock: any WallClock, ids: any IDGenerating
    ) {
        let audit = PostgresAuditLog(postgres)
        let meetingStore = PostgresMeetingStore(postgres)
        let participants = PostgresParticipantStore(postgres)
        let tokens = LiveKitTokenIssuer(
            apiKey: configuration.liveKit.apiKey, secret: configuration.liveKit.apiSecret)
        let journal = MeetingJournal(
            audit: audit, timeline: PostgresTimeline(postgres), events: events, clock: clock)
        let rooms = MeetingRooms(media: media, meetings: meetingStore, participants: participants, clock: clock)
        let doorway = Doorway(rooms: rooms, tokens: tokens, clock: clock)
        access = MeetingAccess(meetings: meetingStore, participants: participants)
        meetings = MeetingService(
            meetings: meetingStore, hasher: hasher, audit: audit, clock: clock, ids: ids, random: SystemRandomSource())
        joining = JoinService(
            participants: participants, hasher: hasher, limiter: limiter, doorway: doorway, keys: keys,
            journal: journal, clock: clock, ids: ids)
        connectionTests = ConnectionTestService(
            media: media, meetings: meetingStore, tokens: tokens, limiter: limiter, clock: clock, ids: ids)
        services = LiveServices(
            participation: ParticipationService(
                access: access, meetings: meetingStore, participants: participants, lobby: participants,
                moderation: participants, media: media, doorway: doorway, journal: journal),
            lobby: LobbyService(access: access, lobby: participants, journal: journal),
            moderation: ModerationService(
                access: access, participants: participants, moderation: participants, media: media, journal: journal),
            controls: MeetingControls(meetings: meetings, access: access, rooms: rooms, journal: journal),
            messages: MessageService(
                access: access, messages: PostgresMessageStore(postgres), limiter: limiter, journal: journal, ids: ids))
    }
}
