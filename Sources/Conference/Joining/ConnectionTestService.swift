import FoundationEssentials

/// Two ways into a room of its own, between which someone tries out their connection before a meeting depends on it.
public struct ConnectionTest: Hashable, Sendable {
    /// May publish and hears nothing. Secret: never in a log.
    public let senderToken: String
    /// Receives and publishes nothing. Secret: never in a log.
    public let receiverToken: String
    /// Until when the tokens may be used to connect.
    public let expiresAt: Date
}

/// Lets people try out their connection to the media server without entering a meeting.
public struct ConnectionTestService: Sendable {
    private let media: any MediaServing
    private let meetings: any MeetingStoring
    private let tokens: any TokenIssuing
    private let limiter: any RateLimiting
    private let clock: any WallClock
    private let ids: any IDGenerating

    /// Two people, and the last connection of one who has just come back. The room goes away by itself.
    private static let options = MediaRoomOptions(
        emptyTimeout: .seconds(60), departureTimeout: .seconds(20), maximumParticipants: 3)

    public init(
        media: any MediaServing, meetings: any MeetingStoring, tokens: any TokenIssuing, limiter: any RateLimiting,
        clock: any WallClock, ids: any IDGenerating
    ) {
        self.media = media
        self.meetings = meetings
        self.tokens = tokens
        self.limiter = limiter
        self.clock = clock
        self.ids = ids
    }

    /// Makes a room that belongs to no meeting and signs two tokens for it. Guests show the code of a meeting that they are
    /// invited to.
    ///
    /// Throws `notAuthenticated` (neither signed in nor invited), `notFound(.meeting)`, `tooManyAttempts`, `unavailable`.
    public func begin(
        by principal: Principal?, invitedTo code: JoinCode?, from address: String
    ) async throws -> ConnectionTest {
        if principal == nil {
            guard let code else { throw ConferenceError.notAuthenticated }
            guard try await meetings.meeting(.code(code)) != nil else { throw ConferenceError.notFound(.meeting) }
        }
        let decision = await limiter.take(Limits.connectionTestsPerAddress, key: address)
        guard decision.allowed else {
            throw ConferenceError.tooManyAttempts(retryAfter: decision.retryAfter ?? decision.resetAfter)
        }
        let room = MeetingID(ids.next())
        try await media.createRoom(for: room, options: Self.options)
        return ConnectionTest(
            senderToken: try token(
                for: room,
                RoomGrants(
                    canPublish: true, canSubscribe: false, canPublishData: false,
                    publishSources: [.camera, .microphone], roomAdmin: false)),
            receiverToken: try token(
                for: room,
                RoomGrants(
                    canPublish: false, canSubscribe: true, canPublishData: false, publishSources: [], roomAdmin: false)),
            expiresAt: clock.now + Limits.connectionTestLifetime)
    }

    private func token(for room: MeetingID, _ grants: RoomGrants) throws -> String {
        try tokens.token(
            for: RoomTokenRequest(
                room: room, identity: ParticipantID(ids.next()), name: try DisplayName("Connection test"), role: .guest,
                grants: grants, lifetime: Limits.connectionTestLifetime))
    }
}
