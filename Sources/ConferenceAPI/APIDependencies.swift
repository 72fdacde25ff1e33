import Conference
import Platform

/// Everything the API stands on. Tests make it of doubles.
public struct APIDependencies: Sendable {
    public var settings: APISettings
    public var accounts: AccountService
    public var meetings: MeetingService
    public var joining: JoinService
    public var connectionTests: ConnectionTestService
    public var live: LiveServices
    public var access: MeetingAccess
    public var events: MeetingEventStreams
    public var whiteboards: WhiteboardService
    public var recordings: RecordingService
    public var analytics: AnalyticsService
    public var timeline: TimelineService
    public var keys: any ParticipantKeySigning
    public var mediaEvents: MediaEventService
    public var mediaEventReader: any MediaEventReading
    public var sessions: any SessionStoring
    public var limiter: any RateLimiting
    public var health: HealthMonitor
    public var readiness: Readiness
    public var metrics: MetricsRegistry
    public var log: Logger
    public var clock: any WallClock
    /// For measuring how long requests take.
    public var uptime: @Sendable () -> ContinuousClock.Instant

    public init(
        settings: APISettings, accounts: AccountService, meetings: MeetingService, joining: JoinService,
        connectionTests: ConnectionTestService, live: LiveServices, access: MeetingAccess,
        events: MeetingEventStreams, whiteboards: WhiteboardService, recordings: RecordingService,
        analytics: AnalyticsService, timeline: TimelineService, keys: any ParticipantKeySigning,
        mediaEvents: MediaEventService,
        mediaEventReader: any MediaEventReading,
        sessions: any SessionStoring, limiter: any RateLimiting, health: HealthMonitor, readiness: Readiness,
        metrics: MetricsRegistry, log: Logger, clock: any WallClock = SystemWallClock(),
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.settings = settings
        self.accounts = accounts
        self.meetings = meetings
        self.joining = joining
        self.connectionTests = connectionTests
        self.live = live
        self.access = access
        self.events = events
        self.whiteboards = whiteboards
        self.recordings = recordings
        self.analytics = analytics
        self.timeline = timeline
        self.keys = keys
        self.mediaEvents = mediaEvents
        self.mediaEventReader = mediaEventReader
        self.sessions = sessions
        self.limiter = limiter
        self.health = health
        self.readiness = readiness
        self.metrics = metrics
        self.log = log
        self.clock = clock
        self.uptime = uptime
    }
}

/// What the API needs to know of the configuration.
public struct APISettings: Sendable {
    /// The API's own URL, `PUBLIC_URL`.
    public var publicURL: String
    /// The frontend's URL, `FRONTEND_URL`: its origin may call, and join links lead there.
    public var frontendURL: String
    /// Further origins that may call, `CORS_ALLOWED_ORIGINS`.
    public var extraOrigins: [String]
    /// Where browsers reach LiveKit, `LIVEKIT_PUBLIC_URL`.
    public var liveKitURL: String
    public var rateLimits: RateLimits

    public init(
        publicURL: String, frontendURL: String, extraOrigins: [String] = [], liveKitURL: String,
        rateLimits: RateLimits = RateLimits()
    ) {
        self.publicURL = publicURL
        self.frontendURL = frontendURL
        self.extraOrigins = extraOrigins
        self.liveKitURL = liveKitURL
        self.rateLimits = rateLimits
    }

    var isHTTPS: Bool { publicURL.lowercased().hasPrefix("https://") }

    /// The origins whose pages may read answers and send cookies.
    var origins: Set<String> {
        Set(([frontendURL, publicURL] + extraOrigins).map(APISettings.origin))
    }

    /// The link with which people come to a meeting.
    func joinURL(_ code: JoinCode) -> String {
        "\(frontendURL.hasSuffix("/") ? String(frontendURL.dropLast()) : frontendURL)/join/\(code)"
    }

    /// Scheme and authority of a URL, as browsers send them (RFC 6454, section 6.2): small letters, no default port.
    static func origin(of url: String) -> String {
        let lowered = url.lowercased()
        let parts = lowered.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].isEmpty else { return lowered }
        var origin = "\(parts[0])//\(parts[2])"
        for suffix in ["http": ":80", "https": ":443"] where origin.hasPrefix(suffix.key + "://") {
            if origin.hasSuffix(suffix.value) { origin.removeLast(suffix.value.count) }
        }
        return origin
    }
}
