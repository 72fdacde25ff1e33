public import FoundationEssentials

/// `livekit.ParticipantInfo`, as far as it is used here.
public struct ParticipantInfo: Hashable, Sendable {
    public let sid: String
    public let identity: String
    public let name: String
    /// `JOINING`, `JOINED`, `ACTIVE` or `DISCONNECTED`.
    public let state: String
    /// `STANDARD` for people, else `INGRESS`, `EGRESS`, `SIP`, `AGENT`, ...
    public let kind: String
    public let joinedAt: Date?
    public let metadata: String
    public let attributes: [String: String]
    public let permission: ParticipantPermission?
    public let tracks: [TrackInfo]
    /// Such as `CLIENT_INITIATED`; nil while there is none.
    public let disconnectReason: String?
}

extension ParticipantInfo: Decodable {
    private enum CodingKeys: String, CodingKey {
        case sid, identity, name, state, kind, joinedAt, joinedAtMs, metadata, attributes, permission, tracks
        case disconnectReason
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String { try values.decodeIfPresent(String.self, forKey: key) ?? "" }
        func name(_ key: CodingKeys) throws -> String? {
            try values.decodeIfPresent(ProtobufName.self, forKey: key)?.name
        }
        sid = try text(.sid)
        identity = try text(.identity)
        self.name = try text(.name)
        state = try name(.state) ?? "JOINING"
        kind = try name(.kind) ?? "STANDARD"
        let milliseconds = try values.decodeIfPresent(ProtobufInteger.self, forKey: .joinedAtMs)?.value
        let seconds = try values.decodeIfPresent(ProtobufInteger.self, forKey: .joinedAt)?.value
        joinedAt = Date(milliseconds: milliseconds) ?? Date(seconds: seconds)
        metadata = try text(.metadata)
        attributes = try values.decodeIfPresent([String: String].self, forKey: .attributes) ?? [:]
        permission = try values.decodeIfPresent(ParticipantPermission.self, forKey: .permission)
        tracks = try values.decodeIfPresent([TrackInfo].self, forKey: .tracks) ?? []
        let reason = try name(.disconnectReason)
        disconnectReason = reason == "UNKNOWN_REASON" ? nil : reason
    }
}

struct ParticipantList: Decodable, Sendable {
    let participants: [ParticipantInfo]?
}

/// `livekit.ParticipantPermission`. An update replaces all of it: what is left out becomes false.
public struct ParticipantPermission: Codable, Hashable, Sendable {
    public var canSubscribe: Bool?
    public var canPublish: Bool?
    public var canPublishData: Bool?
    /// `CAMERA`, `MICROPHONE`, `SCREEN_SHARE`, `SCREEN_SHARE_AUDIO`; empty for every source.
    public var canPublishSources: [String]?
    public var hidden: Bool?
    public var canUpdateMetadata: Bool?

    public init(
        canSubscribe: Bool? = nil, canPublish: Bool? = nil, canPublishData: Bool? = nil,
        canPublishSources: [String]? = nil, hidden: Bool? = nil, canUpdateMetadata: Bool? = nil
    ) {
        self.canSubscribe = canSubscribe
        self.canPublish = canPublish
        self.canPublishData = canPublishData
        self.canPublishSources = canPublishSources
        self.hidden = hidden
        self.canUpdateMetadata = canUpdateMetadata
    }
}
