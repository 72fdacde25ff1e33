/// What keeps a token from being made, or LiveKit from being used.
public enum LiveKitError: Error, Hashable, Sendable {
    case secretTooShort(length: Int)
    case missingAPIKey
    case missingIdentity
    case missingRoom
    case lifetimeOutOfBounds(Duration)
    case invalidURL(reason: String)
    /// A call of libcjose failed.
    case signing(call: String, reason: String)
}

extension LiveKitError: CustomStringConvertible {
    /// Stable, for programs.
    public var code: String {
        switch self {
        case .secretTooShort: "livekit.secret_too_short"
        case .missingAPIKey: "livekit.missing_api_key"
        case .missingIdentity: "livekit.missing_identity"
        case .missingRoom: "livekit.missing_room"
        case .lifetimeOutOfBounds: "livekit.lifetime_out_of_bounds"
        case .invalidURL: "livekit.invalid_url"
        case .signing: "livekit.signing"
        }
    }

    public var description: String {
        switch self {
        case .secretTooShort(let length):
            """
            The LiveKit API secret has \(length) characters, at least \(AccessToken.minimumSecretLength) are needed. \
            Make one with `openssl rand -base64 36` and give the same to the LiveKit server.
            """
        case .missingAPIKey: "The LiveKit API key is empty."
        case .missingIdentity: "A token for joining a room needs an identity."
        case .missingRoom: "A token for joining or administering a room needs the room's name."
        case .lifetimeOutOfBounds(let lifetime):
            "A token can't live for \(lifetime): the bounds are 1 second and \(AccessToken.maximumLifetime)."
        case .invalidURL(let reason):
            "The LiveKit URL \(reason). Write it like http://127.0.0.1:7880."
        case .signing(let call, let reason): "The token could not be signed: \(call) failed: \(reason)."
        }
    }
}
