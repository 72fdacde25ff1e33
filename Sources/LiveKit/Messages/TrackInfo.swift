/// `livekit.TrackInfo`, as far as it is used here.
public struct TrackInfo: Hashable, Sendable {
    public let sid: String
    /// `AUDIO`, `VIDEO` or `DATA`.
    public let type: String
    /// `CAMERA`, `MICROPHONE`, `SCREEN_SHARE`, `SCREEN_SHARE_AUDIO` or `UNKNOWN`.
    public let source: String
    public let name: String
    public let isMuted: Bool
}

extension TrackInfo: Decodable {
    private enum CodingKeys: String, CodingKey { case sid, type, source, name, muted }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sid = try values.decodeIfPresent(String.self, forKey: .sid) ?? ""
        type = try values.decodeIfPresent(ProtobufName.self, forKey: .type)?.name ?? "AUDIO"
        source = try values.decodeIfPresent(ProtobufName.self, forKey: .source)?.name ?? "UNKNOWN"
        name = try values.decodeIfPresent(String.self, forKey: .name) ?? ""
        isMuted = try values.decodeIfPresent(Bool.self, forKey: .muted) ?? false
    }
}
