import ConferenceTestSupport
import FoundationEssentials
import HTTPServer
import Platform

@testable import Conference
@testable import ConferenceAPI

/// The API as the program builds it, on doubles.
struct TestAPI: Sendable {
    let accounts = MemoryAccounts()
    let meetings: MemoryMeetings
    let boards = MemoryWhiteboards()
    let pictures = MemoryPictures()
    let events = CollectedEvents()
    let recordings = MemoryRecordings()
    let analytics = MemoryAnalytics()
    let timeline = MemoryTimelineReading()
    let sessions = MemorySessions(clock: FixedClock())
    let limiter = ScriptedLimiter()
    let media = MemoryMedia()
    let rooms = MemoryRooms()
    let messages = MemoryMessages()
    let readiness = Readiness()
    let metrics = MetricsRegistry()
    let sink = CollectingSink()
    let health: HealthMonitor
    let hub: MeetingEventHub
    let eventLog = MemoryEventLog()
    let dependencies: APIDependencies
    let router: Router

    /// Ada administrates, Ben and Cleo are members.
    let ada: AccountID
    let ben: AccountID
    let cleo: AccountID

    static let frontend = "http://localhost:3000"

    /// Of all tests that need none of their own; it runs until the process ends.
    private static let commonLoop: EventLoop = {
        do {
            let loop = try EventLoop(name: "common")
            try loop.start()
            return loop
        } catch {
            preconditionFailure("no event loop: \(error)")
        }
    }()

    init(
        publicURL: String = "http://localhost:3001", checks: [any HealthCheck] = [], notConfigured: [String] = [],
        loops: [EventLoop]? = nil
    ) async throws {
        meetings = MemoryMeetings(recordings: recordings)
        let log = Logger(component: "test", level: .debug, sink: sink)
        let clock = FixedClock()
        let ids = CountingIDs()
        health = HealthMonitor(checks: checks, notConfigured: notConfigured, log: log)
        let access = MeetingAccess(meetings: meetings, participants: meetings)
        hub = MeetingEventHub(loops: loops ?? [Self.commonLoop], metrics: metrics)
        let accountService = AccountService(
            accounts: accounts, hasher: PlainHasher(), sessions: sessions, audit: SilentAudit(), clock: clock, ids: ids)
        let meetingService = MeetingService(
            meetings: meetings, hasher: PlainHasher(), audit: SilentAudit(), clock: clock, ids: ids,
            random: SystemRandomSource())
        let journal = MeetingJournal(audit: SilentAudit(), timeline: MemoryTimeline(), events: events, clock: clock)
        let kept = MeetingRooms(media: rooms, meetings: meetings, participants: meetings, clock: clock)
        let doorway = Doorway(rooms: kept, tokens: PlainTokens(), clock: clock)
        let recordingService = RecordingService(
            offers: RecordingOffers(processors: 2), store: recordings, meetings: meetings, participants: meetings,
            driver: RecordingDriver(
                store: recordings, recorder: NoRecorder(), files: LinkedFiles(), events: SilentEvents(),
                audit: SilentAudit(), clock: clock, limits: RecordingLimits()),
            files: LinkedFiles(), audit: SilentAudit(), clock: clock, ids: ids)
        dependencies = APIDependencies(
            settings: APISettings(
                publicURL: publicURL, frontendURL: TestAPI.frontend, extraOrigins: ["https://other.example.org"],
                liveKitURL: "ws://localhost:7880"),
            accounts: accountService, meetings: meetingService,
            joining: JoinService(
                participants: meetings, hasher: PlainHasher(), limiter: limiter, doorway: doorway, keys: PlainKeys(),
                journal: journal, clock: clock, ids: ids),
            connectionTests: ConnectionTestService(
                media: rooms, meetings: meetings, tokens: PlainTokens(), limiter: limiter, clock: clock, ids: ids),
            live: LiveServices(
                participation: ParticipationService(
                    access: access, meetings: meetings, participants: meetings, lobby: meetings, moderation: meetings,
                    media: rooms, doorway: doorway, journal: journal),
                lobby: LobbyService(access: access, lobby: meetings, journal: journal),
                moderation: ModerationService(
                    access: access, participants: meetings, moderation: meetings, media: rooms, journal: journal),
                controls: MeetingControls(
                    meetings: meetingService, access: access, rooms: kept, journal: journal),
                messages: MessageService(
                    access: access, messages: messages, limiter: limiter, journal: journal, ids: ids)),
            access: access, events: MeetingEventStreams(hub: hub, log: eventLog, access: access, clock: clock),
            whiteboards: WhiteboardService(
                access: access, boards: boards, pictures: pictures, announcer: events, events: events, clock: clock,
                ids: ids, random: SystemRandomSource()),
            recordings: recordingService,
            analytics: AnalyticsService(
                store: analytics, meetings: meetings, participants: meetings, clock: clock),
            timeline: TimelineService(
                timeline: timeline, meetings: meetings, recordings: recordings, analytics: analytics, clock: clock),
            keys: PlainKeys(),
            mediaEvents: MediaEventService(
                store: media, server: rooms, presence: NoPresence(), egress: IgnoredEgressEvents(),
                events: NoListeners(), clock: clock),
            mediaEventReader: PlainEventReader(),
            sessions: sessions, limiter: limiter, health: health, readiness: readiness, metrics: metrics, log: log,
            clock: clock)
        router = makeRouter(dependencies)
        ada = try await TestAPI.add("ada", .admin, to: accountService)
        ben = try await TestAPI.add("ben", .member, to: accountService)
        cleo = try await TestAPI.add("cleo", .member, to: accountService)
    }

    private static func add(_ name: String, _ role: AccountRole, to accounts: AccountService) async throws -> AccountID
    {
        try await accounts.create(
            AccountDraft(
                email: "\(name)@example.org", displayName: name.capitalized, role: role,
                password: "\(name) has a password"), by: nil
        ).id
    }

    /// A new session's cookie.
    func cookie(of id: AccountID) async throws -> String {
        guard let account = try await accounts.account(id) else { throw ConferenceError.notFound(.account) }
        return await sessions.create(for: SessionAccount(account)).cookie
    }

    /// A new guest.
    func addGuest(to meeting: MeetingID, admitted: Bool, left: Bool = false) throws -> Participant {
        let now = FixedClock().now
        let guest = Participant(
            id: ParticipantID(UUIDv7Generator().next()), meetingID: meeting, accountID: nil, role: .guest,
            displayName: try DisplayName("Grace"), joinedAt: now, admittedAt: admitted ? now : nil,
            seatHeldUntil: admitted ? now + 60 : nil, leftAt: left ? now : nil)
        meetings.put(guest)
        return guest
    }

    /// The key of a new guest.
    func participantKey(in meeting: MeetingID, admitted: Bool, left: Bool = false) throws -> String {
        let guest = try addGuest(to: meeting, admitted: admitted, left: left)
        return PlainKeys().key(
            for: ParticipantClaim(
                meetingID: meeting, participantID: guest.id, expiresAt: FixedClock().now + 3600))
    }

    /// A request with a JSON body where there is one. `as` signs an account in for it.
    func send(
        _ method: HTTPMethod, _ target: String, _ body: JSONValue? = nil, as account: AccountID? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        try await send(method, target, bytes: body.map(JSONWriter.encode), as: account, headers: headers)
    }

    func send(
        _ method: HTTPMethod, _ target: String, bytes: [UInt8]?, as account: AccountID? = nil,
        headers: HTTPHeaders = [:], address: String = "192.0.2.7"
    ) async throws -> HTTPResponse {
        let parts = target.split(separator: "?", maxSplits: 1)
        var headers = headers
        if let account { headers.add("Cookie", "session=\(try await cookie(of: account))") }
        if bytes != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return await router.respond(
            to: HTTPRequest(
                method: method, path: String(parts[0]),
                query: parts.count > 1 ? try QueryParameters(encoded: parts[1]) : QueryParameters(),
                headers: headers, clientAddress: address, id: "request-1", body: bytes.map { .bytes($0) } ?? .empty))
    }

    /// A meeting that Ben owns.
    func makeMeeting(_ change: (inout MeetingDraft) -> Void = { _ in }) async throws -> Meeting {
        var draft = MeetingDraft(title: "Weekly")
        change(&draft)
        return try await dependencies.meetings.create(draft, by: Principal(accountID: ben, role: .member))
    }
}

extension HTTPResponse {
    var bytes: [UInt8] {
        if case .bytes(let bytes) = body { bytes } else { [] }
    }

    var json: JSONValue { (try? JSONParser.parse(bytes)) ?? .null }

    var object: JSONObject {
        if case .object(let object) = json { object } else { JSONObject() }
    }

    /// The code of a problem.
    var code: String? { object.string("code") }

    /// Pointers of a problem's errors.
    var pointers: [String] {
        guard case .array(let errors) = object["errors"] else { return [] }
        return errors.compactMap { error in
            if case .object(let object) = error { object.string("pointer") } else { nil }
        }
    }
}
