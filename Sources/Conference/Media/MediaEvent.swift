import FoundationEssentials

/// Something that the media server says has happened: what is kept of a webhook, without what is secret in it.
public struct MediaEvent: Hashable, Sendable, Codable, Identifiable {
    /// The longest id and name, in bytes, that are kept.
    public static let idBytes = 1...128
    public static let nameBytes = 1...64

    public struct Room: Hashable, Sendable, Codable {
        public let sid: String
        public let name: String
        /// Nil in events that carry less of the room.
        public let createdAt: Date?

        public init(sid: String, name: String, createdAt: Date?) {
            self.sid = sid
            self.name = name
            self.createdAt = createdAt
        }
    }

    public struct Person: Hashable, Sendable, Codable {
        public let sid: String
        public let identity: String
        public let kind: MediaParticipant.Kind
        public let joinedAt: Date?
        public let disconnectReason: String?

        public init(
            sid: String, identity: String, kind: MediaParticipant.Kind, joinedAt: Date?, disconnectReason: String?
        ) {
            self.sid = sid
            self.identity = identity
            self.kind = kind
            self.joinedAt = joinedAt
            self.disconnectReason = disconnectReason
        }
    }

    /// The same for every time that the event is sent.
    public let id: String
    /// As the media server calls it, such as `participant_joined`.
    public let name: String
    /// Whole seconds, as the media server keeps no better time of events.
    public let occurredAt: Date
    public let room: Room?
    public let person: Person?
    public let track: MediaTrack?
    public let egress: MediaEgress?

    public init(
        id: String, name: String, occurredAt: Date, room: Room? = nil, person: Person? = nil, track: MediaTrack? = nil,
        egress: MediaEgress? = nil
    ) {
        self.id = id
        self.name = name
        self.occurredAt = occurredAt
        self.room = room
        self.person = person
        self.track = track
        self.egress = egress
    }

    public var roomName: String? { room?.name ?? egress?.roomName }
}
