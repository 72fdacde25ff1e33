import FoundationEssentials

/// Someone, or something, in a room on the media server.
public struct MediaParticipant: Hashable, Sendable {
    public enum State: String, Sendable, Codable {
        case joining, joined, active, disconnected
    }

    /// What is connected, as LiveKit spells it: `STANDARD` for people, else `INGRESS`, `EGRESS`, `SIP`, `AGENT`, ...
    public struct Kind: Hashable, Sendable, Codable, RawRepresentable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let standard = Kind(rawValue: "STANDARD")
        public static let egress = Kind(rawValue: "EGRESS")
    }

    /// One connection: the same identity that connects again has another.
    public let sid: String
    public let identity: String
    public let name: String
    public let state: State
    public let kind: Kind
    public let joinedAt: Date?
    public let metadata: String
    public let attributes: [String: String]
    public let grants: RoomGrants?
    public let tracks: [MediaTrack]

    /// The participant whose identity it is; nil for recorders and whatever else isn't ours.
    public var participantID: ParticipantID? { ParticipantID(canonical: identity) }

    public init(
        sid: String, identity: String, name: String = "", state: State = .active, kind: Kind = .standard,
        joinedAt: Date?, metadata: String = "", attributes: [String: String] = [:], grants: RoomGrants? = nil,
        tracks: [MediaTrack] = []
    ) {
        self.sid = sid
        self.identity = identity
        self.name = name
        self.state = state
        self.kind = kind
        self.joinedAt = joinedAt
        self.metadata = metadata
        self.attributes = attributes
        self.grants = grants
        self.tracks = tracks
    }
}

/// A published track.
public struct MediaTrack: Hashable, Sendable, Codable {
    public enum Kind: String, Sendable, Codable { case audio, video, data }

    public let sid: String
    public let kind: Kind
    /// Nil when the publisher didn't say.
    public let source: RoomGrants.Source?
    public let name: String
    public let isMuted: Bool

    public init(sid: String, kind: Kind, source: RoomGrants.Source?, name: String = "", isMuted: Bool = false) {
        self.sid = sid
        self.kind = kind
        self.source = source
        self.name = name
        self.isMuted = isMuted
    }
}

/// What to change about someone in a room; what is nil stays as it is.
public struct MediaParticipantUpdate: Hashable, Sendable {
    /// Replaces all of their grants; tracks that may no longer be published are taken down by the media server.
    /// ``RoomGrants/roomAdmin`` belongs to the token and can't change here.
    public var grants: RoomGrants?
    public var name: String?
    public var metadata: String?
    /// Merged into those they have; an empty value removes one.
    public var attributes: [String: String]

    public init(
        grants: RoomGrants? = nil, name: String? = nil, metadata: String? = nil, attributes: [String: String] = [:]
    ) {
        self.grants = grants
        self.name = name
        self.metadata = metadata
        self.attributes = attributes
    }
}
