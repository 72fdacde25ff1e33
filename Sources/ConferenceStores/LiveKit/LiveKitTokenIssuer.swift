import Conference
import LiveKit

/// Signs join tokens with LiveKit's API key.
public struct LiveKitTokenIssuer: TokenIssuing {
    private let apiKey: String
    private let secret: String
    private let clock: any WallClock

    /// - Parameter secret: at least `AccessToken.minimumSecretLength` characters; checked when a token is signed.
    public init(apiKey: String, secret: String, clock: any WallClock = SystemWallClock()) {
        self.apiKey = apiKey
        self.secret = secret
        self.clock = clock
    }

    public func token(for request: RoomTokenRequest) throws -> String {
        let grants = request.grants
        let token = AccessToken(
            apiKey: apiKey, secret: secret, identity: request.identity.description, name: request.name.text,
            attributes: ["role": request.role.rawValue],
            grants: VideoGrants(
                roomAdmin: grants.roomAdmin ? true : nil, roomJoin: true, room: request.room.description,
                canPublish: grants.canPublish, canSubscribe: grants.canSubscribe,
                canPublishData: grants.canPublishData, canPublishSources: grants.publishSources.map(Self.source)),
            lifetime: request.lifetime)
        do {
            return try token.sign(now: clock.now)
        } catch {
            throw ConferenceError.unexpected(cause: "LiveKit token: \(error)")
        }
    }

    private static func source(_ source: RoomGrants.Source) -> VideoGrants.TrackSource {
        switch source {
        case .camera: .camera
        case .microphone: .microphone
        case .screenShare: .screenShare
        case .screenShareAudio: .screenShareAudio
        }
    }
}
