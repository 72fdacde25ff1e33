import FoundationEssentials

/// How someone connects to the media server.
public struct RoomConnection: Hashable, Sendable {
    /// Secret: never in a log.
    public let token: String
    public let grants: RoomGrants
    public let expiresAt: Date
}

/// Sees that a room is there and signs tokens for it.
public struct Doorway: Sendable {
    private let rooms: MeetingRooms
    private let tokens: any TokenIssuing
    private let clock: any WallClock

    public init(rooms: MeetingRooms, tokens: any TokenIssuing, clock: any WallClock) {
        self.rooms = rooms
        self.tokens = tokens
        self.clock = clock
    }

    /// Throws `unavailable` when they would be let in and there is no room for them.
    func prepare(for attempt: JoinAttempt) async throws {
        try await rooms.prepare(for: attempt)
    }

    /// A token for someone who was let in and holds a seat.
    func connection(for participant: Participant, to meeting: Meeting) async throws -> RoomConnection {
        try await rooms.ensure(meeting)
        let now = clock.now
        let grants = RoomGrants(of: participant, settings: meeting.settings)
        let token = try tokens.token(
            for: RoomTokenRequest(
                room: meeting.id, identity: participant.id, name: participant.displayName,
                role: participant.actingRole, grants: grants, lifetime: Limits.joinTokenLifetime))
        return RoomConnection(token: token, grants: grants, expiresAt: now + Limits.joinTokenLifetime)
    }
}
