import FoundationEssentials

/// Something that happened in a meeting, for its timeline and figures.
public struct TimelineEntry: Hashable, Sendable {
    public let meetingID: MeetingID
    /// Whom it happened to.
    public let participantID: ParticipantID?
    /// Such as `participant.admitted`: at most two words of small letters and underscores.
    public let kind: String
    public let at: Date
    /// Short facts without secrets.
    public let details: [String: String]

    public init(
        _ kind: String, in meetingID: MeetingID, participant: ParticipantID? = nil, at: Date,
        details: [String: String] = [:]
    ) {
        self.meetingID = meetingID
        self.participantID = participant
        self.kind = kind
        self.at = at
        self.details = details
    }
}

/// Keeps what happened in meetings.
public protocol TimelineWriting: Sendable {
    func record(_ entry: TimelineEntry) async throws
}
