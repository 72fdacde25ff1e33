public import FoundationEssentials

/// `livekit.WebhookEvent`, as far as it is used here.
public struct WebhookEvent: Hashable, Sendable {
    public let id: String
    /// Such as `participant_joined`.
    public let event: String
    /// Whole seconds.
    public let createdAt: Date?
    public let room: RoomInfo?
    public let participant: ParticipantInfo?
    public let track: TrackInfo?
    public let egress: EgressInfo?

    /// - Throws: ``Unreadable``.
    public init(json content: [UInt8]) throws(Unreadable) {
        do {
            self = try ProtobufJSON.decode(WebhookEvent.self, from: content)
        } catch {
            throw Unreadable(reason: ProtobufJSON.reason(of: error))
        }
    }

    public struct Unreadable: Error, Hashable, Sendable {
        /// The place and what is wrong there; nothing of the content.
        public let reason: String
    }
}

extension WebhookEvent: Decodable {
    private enum CodingKeys: String, CodingKey { case id, event, createdAt, room, participant, track, egressInfo }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decodeIfPresent(String.self, forKey: .id) ?? ""
        event = try values.decodeIfPresent(String.self, forKey: .event) ?? ""
        createdAt = Date(seconds: try values.decodeIfPresent(ProtobufInteger.self, forKey: .createdAt)?.value)
        room = try values.decodeIfPresent(RoomInfo.self, forKey: .room)
        participant = try values.decodeIfPresent(ParticipantInfo.self, forKey: .participant)
        track = try values.decodeIfPresent(TrackInfo.self, forKey: .track)
        egress = try values.decodeIfPresent(EgressInfo.self, forKey: .egressInfo)
    }
}
