/// The code of a Twirp error, as the server spells it.
///
/// Source: https://twitchtv.github.io/twirp/docs/errors.html
public struct TwirpCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let canceled = TwirpCode(rawValue: "canceled")
    public static let unknown = TwirpCode(rawValue: "unknown")
    public static let invalidArgument = TwirpCode(rawValue: "invalid_argument")
    public static let malformed = TwirpCode(rawValue: "malformed")
    public static let deadlineExceeded = TwirpCode(rawValue: "deadline_exceeded")
    public static let notFound = TwirpCode(rawValue: "not_found")
    public static let badRoute = TwirpCode(rawValue: "bad_route")
    public static let alreadyExists = TwirpCode(rawValue: "already_exists")
    public static let permissionDenied = TwirpCode(rawValue: "permission_denied")
    public static let unauthenticated = TwirpCode(rawValue: "unauthenticated")
    public static let resourceExhausted = TwirpCode(rawValue: "resource_exhausted")
    public static let failedPrecondition = TwirpCode(rawValue: "failed_precondition")
    public static let aborted = TwirpCode(rawValue: "aborted")
    public static let unimplemented = TwirpCode(rawValue: "unimplemented")
    public static let internalError = TwirpCode(rawValue: "internal")
    public static let unavailable = TwirpCode(rawValue: "unavailable")

    public var description: String { rawValue }

    /// For an answer that names none, such as the text that a wrong token gets.
    init(ofStatus status: Int) {
        switch status {
        case 401: self = .unauthenticated
        case 403: self = .permissionDenied
        case 404: self = .badRoute
        case 429: self = .resourceExhausted
        case 502, 503, 504: self = .unavailable
        default: self = .unknown
        }
    }
}
