import FoundationEssentials

/// A line of a meeting's chat.
public struct Message: Hashable, Sendable, Identifiable {
    public let id: MessageID
    public let meetingID: MeetingID
    public let participantID: ParticipantID
    public let displayName: DisplayName
    /// What the sender was at that moment.
    public let role: ParticipantRole
    public let text: String
    public let sentAt: Date

    public init(
        id: MessageID, meetingID: MeetingID, participantID: ParticipantID, displayName: DisplayName,
        role: ParticipantRole, text: String, sentAt: Date
    ) {
        self.id = id
        self.meetingID = meetingID
        self.participantID = participantID
        self.displayName = displayName
        self.role = role
        self.text = text
        self.sentAt = sentAt
    }
}

public typealias MessageID = Identifier<Message>
