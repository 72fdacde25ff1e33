import Conference
import HTTPServer

/// One operation of the API: everything the router, the middleware and the OpenAPI document have to know of it, once.
struct Operation: Sendable {
    /// Who may call it.
    enum Access: Sendable {
        /// Everyone; a session is not looked at.
        case anyone
        /// Everyone; who has a session acts as its account.
        case anyoneOrAccount
        /// Whoever is in the meeting, by a participant's key, or signed in. What they are there, `MeetingAccess` says.
        case meeting
        /// Whoever is signed in. What they may touch is decided by the domain.
        case account
        /// The media server, by its signature over the content, which the handler verifies.
        case mediaServer
    }

    /// Which bucket of tokens a request takes from.
    enum RateLimit: Sendable {
        /// None: probes and scrapes must get through.
        case exempt
        /// By account, or by address without one.
        case general
        /// By address, stricter, for what may be guessed at.
        case guessing
    }

    let method: HTTPMethod
    let template: String
    /// The operation's name for generated clients, such as `createMeeting`.
    let id: String
    let tag: String
    let summary: String
    var detail: String?
    var access: Access = .account
    var rateLimit: RateLimit = .general
    var parameters: [Parameter] = []
    var content: Content?
    /// In place of ``content``: taken as it comes.
    var rawContent: RawContent?
    let answers: [Answer]
    /// Problems beyond those that follow from the rest, see ``allProblems``.
    var problems: [ProblemKind] = []
    /// The largest content in bytes.
    var bodyLimit = 16 * 1024
    /// The answer of an operation that always answers the same and passes no middleware.
    var fixedAnswer: HTTPResponse?
    let handler: @Sendable (Call) async throws -> HTTPResponse

    /// The JSON that the request carries.
    struct Content: Sendable {
        let schema: Schema
        let example: JSONValue
    }

    /// Content whose bytes matter, so that nobody but the handler reads it.
    struct RawContent: Sendable {
        let mediaType: String
        /// For the document; nothing is checked against it.
        let schema: Schema
        let example: JSONValue
    }

    /// A path, query or header parameter.
    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }

        let place: Place
        let name: String
        let summary: String
        let schema: Schema
        let example: String
    }

    /// A successful answer.
    struct Answer: Sendable {
        let status: HTTPStatus
        let summary: String
        var contentType: String? = "application/json"
        var schema: Schema?
        var example: JSONValue?
        /// Header fields that matter to clients, with what they say.
        var headers: [(name: String, summary: String)] = []
        /// Operations that take something of this answer as a parameter.
        var links: [Link] = []
    }

    /// A parameter of another operation and the member of an answer that it takes.
    struct Link: Sendable {
        let operation: String
        let parameter: String
        let member: String
        /// Further parameters.
        var others: [(parameter: String, member: String)] = []

        var parameters: [(parameter: String, member: String)] { [(parameter, member)] + others }
    }

    /// Every problem that a call may end with: those of its own, and those that its access, parameters, content and
    /// limit bring along.
    var allProblems: [ProblemKind] {
        var kinds = problems
        if access == .account || access == .meeting { kinds.append(.unauthenticated) }
        if access == .meeting { kinds += [.notFound(.meeting), .notAdmitted, .notInMeeting] }
        if access == .mediaServer {
            kinds.append(.unverifiedEvent)
        } else if method != .get {
            kinds.append(.crossSiteRequest)
        }
        if parameters.contains(where: { $0.place == .path }) { kinds.append(.badRequest) }
        if parameters.contains(where: { $0.place != .path }) { kinds.append(.invalidRequest) }
        if content != nil {
            kinds += [.malformedJSON, .invalidRequest, .contentTooLarge, .unsupportedMediaType]
        }
        if rawContent != nil { kinds += [.contentTooLarge, .unsupportedMediaType] }
        kinds.append(.badRequest)
        if rateLimit != .exempt { kinds.append(.rateLimited) }
        kinds += [.internalError, .unavailable, .busy, .timeout]
        var seen: Set<ProblemKind> = []
        return kinds.filter { seen.insert($0).inserted }
    }
}
