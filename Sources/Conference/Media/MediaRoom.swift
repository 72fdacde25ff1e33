import FoundationEssentials

/// A room on the media server.
public struct MediaRoom: Hashable, Sendable {
    /// One life of a room: a room of the same name that is made later has another.
    public let sid: String
    public let name: String
    public let createdAt: Date?
    public let metadata: String
    /// Lags behind by seconds: to know who is there, list the participants.
    public let participantCount: Int
    public let isRecording: Bool

    /// The meeting whose room it is; nil for rooms that aren't ours.
    public var meetingID: MeetingID? { MeetingID(canonical: name) }

    public init(
        sid: String, name: String, createdAt: Date?, metadata: String = "", participantCount: Int = 0,
        isRecording: Bool = false
    ) {
        self.sid = sid
        self.name = name
        self.createdAt = createdAt
        self.metadata = metadata
        self.participantCount = participantCount
        self.isRecording = isRecording
    }
}

/// How a meeting's room shall be made.
public struct MediaRoomOptions: Hashable, Sendable {
    /// How long a room lasts that nobody has entered.
    public var emptyTimeout: Duration
    /// How long a room lasts that everyone has left; its end ends the gathering, so it bears a broken network.
    public var departureTimeout: Duration
    /// Nil for no limit of the media server's own.
    public var maximumParticipants: Int?
    public var metadata: String

    public init(
        emptyTimeout: Duration = .seconds(300), departureTimeout: Duration = .seconds(300),
        maximumParticipants: Int? = nil, metadata: String = ""
    ) {
        self.emptyTimeout = emptyTimeout
        self.departureTimeout = departureTimeout
        self.maximumParticipants = maximumParticipants
        self.metadata = metadata
    }
}

extension Identifier {
    /// Reads an id only in the form in which we write it, so that no two names on the media server mean the same.
    init?(canonical text: String) {
        guard let id = Identifier(text), id.description == text else { return nil }
        self = id
    }
}
