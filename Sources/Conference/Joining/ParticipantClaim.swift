import FoundationEssentials

/// What a participant's key says: whose it is. What its holder may do is looked up each time, because a host may change it.
public struct ParticipantClaim: Hashable, Sendable {
    public let meetingID: MeetingID
    public let participantID: ParticipantID
    public let expiresAt: Date

    public init(meetingID: MeetingID, participantID: ParticipantID, expiresAt: Date) {
        self.meetingID = meetingID
        self.participantID = participantID
        self.expiresAt = expiresAt
    }
}
