import FoundationEssentials

/// The figures of one meeting.
public struct MeetingAnalytics: Hashable, Sendable {
    public let totals: GatheringSums
    /// Newest first, at most `Limits.gatheringsShown`.
    public let gatherings: [Gathering]
    /// How many gave one star, two, and so on.
    public let stars: [Int]
    /// Newest first, at most `Limits.commentsShown`. Nobody learns whose they are.
    public let comments: [FeedbackComment]

    public init(totals: GatheringSums, gatherings: [Gathering], stars: [Int], comments: [FeedbackComment]) {
        self.totals = totals
        self.gatherings = gatherings
        self.stars = stars
        self.comments = comments
    }
}

/// What someone wrote about a call.
public struct FeedbackComment: Hashable, Sendable {
    public let rating: Int
    public let text: String
    public let givenAt: Date

    public init(rating: Int, text: String, givenAt: Date) {
        self.rating = rating
        self.text = text
        self.givenAt = givenAt
    }
}

/// What someone thought of a call.
public struct Feedback: Hashable, Sendable {
    /// Stars, 1 to 5.
    public let rating: Int
    public let comment: String?
    public let givenAt: Date

    public init(rating: Int, comment: String?, givenAt: Date) {
        self.rating = rating
        self.comment = comment
        self.givenAt = givenAt
    }
}

/// The figures of one coming of one person.
public struct ParticipantFigures: Hashable, Sendable {
    public let id: ParticipantID
    public let displayName: DisplayName
    public let role: ParticipantRole
    public let joinedAt: Date
    /// Nil for those who were never let in.
    public let admittedAt: Date?
    /// Nil for those who never connected.
    public let connectedAt: Date?
    public let leftAt: Date?
    /// How long they were connected.
    public let seconds: Int
    public let connections: Int
    public let abortedConnections: Int

    public init(
        id: ParticipantID, displayName: DisplayName, role: ParticipantRole, joinedAt: Date, admittedAt: Date?,
        connectedAt: Date?, leftAt: Date?, seconds: Int, connections: Int, abortedConnections: Int
    ) {
        self.id = id
        self.displayName = displayName
        self.role = role
        self.joinedAt = joinedAt
        self.admittedAt = admittedAt
        self.connectedAt = connectedAt
        self.leftAt = leftAt
        self.seconds = seconds
        self.connections = connections
        self.abortedConnections = abortedConnections
    }
}
