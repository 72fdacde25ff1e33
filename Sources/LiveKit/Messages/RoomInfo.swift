public import FoundationEssentials

/// `livekit.Room`, as far as it is used here.
public struct RoomInfo: Hashable, Sendable {
    public let sid: String
    public let name: String
    public let createdAt: Date?
    public let metadata: String
    /// Lags behind by seconds.
    public let participantCount: Int
    public let isRecording: Bool
}

extension RoomInfo: Decodable {
    private enum CodingKeys: String, CodingKey {
        case sid, name, creationTime, creationTimeMs, metadata, numParticipants, activeRecording
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sid = try values.decodeIfPresent(String.self, forKey: .sid) ?? ""
        name = try values.decodeIfPresent(String.self, forKey: .name) ?? ""
        let milliseconds = try values.decodeIfPresent(ProtobufInteger.self, forKey: .creationTimeMs)?.value
        let seconds = try values.decodeIfPresent(ProtobufInteger.self, forKey: .creationTime)?.value
        createdAt = Date(milliseconds: milliseconds) ?? Date(seconds: seconds)
        metadata = try values.decodeIfPresent(String.self, forKey: .metadata) ?? ""
        participantCount = try values.decodeIfPresent(Int.self, forKey: .numParticipants) ?? 0
        isRecording = try values.decodeIfPresent(Bool.self, forKey: .activeRecording) ?? false
    }
}

struct RoomList: Decodable, Sendable {
    let rooms: [RoomInfo]?
}

/// `livekit.CreateRoomRequest`.
public struct CreateRoomRequest: Encodable, Hashable, Sendable {
    public var name: String
    /// Seconds that a room lasts which nobody has entered.
    public var emptyTimeout: Int?
    /// Seconds that a room lasts which everyone has left.
    public var departureTimeout: Int?
    public var maxParticipants: Int?
    public var metadata: String?

    public init(
        name: String, emptyTimeout: Int? = nil, departureTimeout: Int? = nil, maxParticipants: Int? = nil,
        metadata: String? = nil
    ) {
        self.name = name
        self.emptyTimeout = emptyTimeout
        self.departureTimeout = departureTimeout
        self.maxParticipants = maxParticipants
        self.metadata = metadata
    }
}
