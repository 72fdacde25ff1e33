import FoundationEssentials

public typealias WhiteboardID = Identifier<Whiteboard>

/// A board of a meeting. What is drawn on it are its ``WhiteboardElement``s.
public struct Whiteboard: Hashable, Sendable, Identifiable {
    public let id: WhiteboardID
    public let meetingID: MeetingID
    public var title: String
    public let createdAt: Date
    /// Nobody draws on a closed board; it can be read and opened again.
    public var closedAt: Date?
    /// Grows by one with every batch of changes that changed something.
    public var revision: Int
    /// Tombstones included.
    public var elementCount: Int
    /// Of all elements together.
    public var elementBytes: Int
    public var pictureCount: Int
    public var pictureBytes: Int

    public init(
        id: WhiteboardID, meetingID: MeetingID, title: String, createdAt: Date, closedAt: Date? = nil,
        revision: Int = 0, elementCount: Int = 0, elementBytes: Int = 0, pictureCount: Int = 0, pictureBytes: Int = 0
    ) {
        self.id = id
        self.meetingID = meetingID
        self.title = title
        self.createdAt = createdAt
        self.closedAt = closedAt
        self.revision = revision
        self.elementCount = elementCount
        self.elementBytes = elementBytes
        self.pictureCount = pictureCount
        self.pictureBytes = pictureBytes
    }
}

/// A change of a board; what is nil stays.
public struct WhiteboardChange: Hashable, Sendable {
    public var title: String?
    public var closed: Bool?

    public init(title: String? = nil, closed: Bool? = nil) {
        self.title = title
        self.closed = closed
    }
}

/// What is on a board at one revision, in the order of the canvas.
public struct WhiteboardScene: Hashable, Sendable {
    public let revision: Int
    public let elements: [WhiteboardElement]

    public init(revision: Int, elements: [WhiteboardElement]) {
        self.revision = revision
        self.elements = elements
    }
}

/// What became of a batch of changes.
public struct WhiteboardMergeResult: Hashable, Sendable {
    /// The board's revision that holds the batch.
    public let revision: Int
    /// Ids of those that are on the board now as they were sent.
    public let taken: [String]
    /// The board's own versions of the others, which won.
    public let winners: [WhiteboardElement]
    /// Whether anything is different from before; not so when a batch came twice.
    public let isChanged: Bool

    public init(revision: Int, taken: [String], winners: [WhiteboardElement], isChanged: Bool) {
        self.revision = revision
        self.taken = taken
        self.winners = winners
        self.isChanged = isChanged
    }
}

/// A state of a board that was saved.
public struct WhiteboardSnapshot: Hashable, Sendable {
    /// Counts from 1 on each board.
    public let number: Int
    /// The board's revision at that time.
    public let revision: Int
    public let elementCount: Int
    public let savedAt: Date

    public init(number: Int, revision: Int, elementCount: Int, savedAt: Date) {
        self.number = number
        self.revision = revision
        self.elementCount = elementCount
        self.savedAt = savedAt
    }
}
