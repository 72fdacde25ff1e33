import FoundationEssentials

/// What can be counted of one gathering, or of several together.
public struct GatheringFigures: Hashable, Sendable {
    /// Comings of people who were connected at some time.
    public var participants = 0
    /// The most who were there at once.
    public var peakParticipants = 0
    /// Connections; someone whose network broke has several.
    public var joins = 0
    public var leaves = 0
    /// The time that all of them were there, together.
    public var participantSeconds = 0
    /// Connections that the media server gave up before they came about.
    public var abortedConnections = 0
    /// People who were let in and never connected.
    public var neverConnected = 0
    public var recordings = 0
    public var recordedSeconds = 0
    public var ratings = 0
    /// Their stars, added up.
    public var ratingSum = 0

    public init() {}

    /// Stars, 1 to 5; nil without ratings.
    public var averageRating: Double? { ratings > 0 ? Double(ratingSum) / Double(ratings) : nil }
}

/// One time that a meeting was live.
public struct Gathering: Hashable, Sendable {
    public let startedAt: Date
    /// Nil while it goes on.
    public let endedAt: Date?
    public let figures: GatheringFigures

    public init(startedAt: Date, endedAt: Date?, figures: GatheringFigures) {
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.figures = figures
    }
}

/// Several gatherings together.
public struct GatheringSums: Hashable, Sendable {
    public var gatherings = 0
    public var durationSeconds = 0
    public var figures = GatheringFigures()

    public init() {}
}
