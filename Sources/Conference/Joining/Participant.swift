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
    /// Since when they host the meeting together with those who manage it; a host gave them that.
    public let cohostSince: Date?
    public let handRaisedAt: Date?
    /// When a host turned them away from the lobby.
    public let deniedAt: Date?
    /// When a host threw them out; nil again once a host let them come back.
    public let removedAt: Date?

    public init(
        id: ParticipantID, meetingID: MeetingID, accountID: AccountID?, role: ParticipantRole, displayName: DisplayName,
        joinedAt: Date, admittedAt: Date?, seatHeldUntil: Date?, connectedAt: Date? = nil, leftAt: Date? = nil,
        cohostSince: Date? = nil, handRaisedAt: Date? = nil, deniedAt: Date? = nil, removedAt: Date? = nil
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
        self.cohostSince = cohostSince
        self.handRaisedAt = handRaisedAt
        self.deniedAt = deniedAt
        self.removedAt = removedAt
    }

    /// What they may do in the meeting now: their own role, or a host's if one was given to them.
    public var actingRole: ParticipantRole { cohostSince == nil ? role : .host }

    public func status(at moment: Date) -> ParticipantStatus {
        if removedAt != nil { return .removed }
        if deniedAt != nil { return .denied }
        if admittedAt == nil, (leftAt ?? moment) >= joinedAt + Limits.knockLifetime { return .unanswered }
        if leftAt != nil { return .left }
        return admittedAt == nil ? .waiting : .admitted
    }
}

/// How it goes with someone who came to a meeting.
public enum ParticipantStatus: String, Sendable, Codable, CaseIterable {
    /// In the lobby.
    case waiting
    case admitted
    /// A host turned them away.
    case denied
    /// Nobody opened in time.
    case unanswered
    /// A host threw them out.
    case removed
    case left
}
