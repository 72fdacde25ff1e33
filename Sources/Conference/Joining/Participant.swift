import FoundationEssentials

public enum ParticipantRole: String, Sendable, Codable, CaseIterable {
    /// The meeting's owner, or an administrator.
    case host
    /// Signed in.
    case member
    /// Came by link with no more than a name.
    case guest
}

/// One person's coming to a meeting, once for each time they join. Its id is their identity on the media server, so that
/// the same account on two devices isn't thrown out of one by the other.
public struct Participant: Hashable, Sendable, Identifiable {
    public let id: ParticipantID
    public let meetingID: MeetingID
    public let accountID: AccountID?
    public let role: ParticipantRole
    public let displayName: DisplayName
    public let joinedAt: Date
    /// Nil while a host hasn't let them in from the lobby.
    public let admittedAt: Date?
    /// Until when the seat is kept for someone who was let in but hasn't connected yet.
    public let seatHeldUntil: Date?
    /// Reported by the media server.
    public let connectedAt: Date?
    public let leftAt: Date?

    public init(
        id: ParticipantID, meetingID: MeetingID, accountID: AccountID?, role: ParticipantRole, displayName: DisplayName,
        joinedAt: Date, admittedAt: Date?, seatHeldUntil: Date?, connectedAt: Date? = nil, leftAt: Date? = nil
    ) {
        self.id = id
        self.meetingID = meetingID
        self.accountID = accountID
        self.role = role
        self.displayName = displayName
        self.joinedAt = joinedAt
        self.admittedAt = admittedAt
        self.seatHeldUntil = seatHeldUntil
        self.connectedAt = connectedAt
        self.leftAt = leftAt
    }
}
