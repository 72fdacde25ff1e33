import HTTPClient

/// Why a call of the server's API failed.
public enum LiveKitAPIError: Error, Hashable, Sendable {
    /// The server refused.
    case refused(Refusal)
    /// The server could not be reached, or the connection broke.
    case unavailable(method: String, cause: HTTPClientError)
    /// The server's answer is not what the API promises.
    case invalidAnswer(method: String, reason: String)
    /// No token could be made for the call.
    case token(LiveKitError)

    public struct Refusal: Hashable, Sendable {
        /// As in `RoomService/CreateRoom`.
        public let method: String
        public let status: Int
        public let code: TwirpCode
        public let message: String
    }

    /// The server's code, when it was the server that refused.
    public var twirpCode: TwirpCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }

    /// What the call was about is not there.
    public var isNotFound: Bool { twirpCode == .notFound }

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .refused(let refusal): "livekit.refused.\(refusal.code)"
        case .unavailable: "livekit.unavailable"
        case .invalidAnswer: "livekit.invalid_answer"
        case .token(let error): error.code
        }
    }
}

extension LiveKitAPIError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let refusal):
            "LiveKit refused \(refusal.method): \(refusal.code) (status \(refusal.status)): \(refusal.message)"
        case .unavailable(let method, let cause): "LiveKit is not available for \(method): \(cause)"
        case .invalidAnswer(let method, let reason): "LiveKit gave no valid answer to \(method): \(reason)"
        case .token(let error): "\(error)"
        }
    }
}
