import Conference
import HTTPServer

/// A kind of problem, in the words of HTTP; the OpenAPI document lists them at each operation.
struct ProblemKind: Sendable, Hashable {
    let status: HTTPStatus
    /// The stable code, last part of the problem's `type`.
    let code: String
    let title: String

    init(_ status: HTTPStatus, _ code: String, _ title: String) {
        self.status = status
        self.code = code
        self.title = title
    }

    static let badRequest = ProblemKind(.badRequest, "bad_request", "Bad request")
    static let malformedJSON = ProblemKind(.badRequest, "malformed_json", "Malformed JSON")
    static let invalidRequest = ProblemKind(.badRequest, "invalid_request", "Invalid request")
    static let unauthenticated = ProblemKind(.unauthorized, "not_authenticated", "Not signed in")
    static let crossSiteRequest = ProblemKind(.forbidden, "cross_site_request", "Cross-site request")
    static let notFound = ProblemKind(.notFound, "not_found", "Not found")
    /// The server gives up on a request after the route's time.
    static let timeout = ProblemKind(.serviceUnavailable, "timeout", "The request took too long")
    static let preconditionFailed = ProblemKind(.preconditionFailed, "precondition_failed", "Precondition failed")
    static let contentTooLarge = ProblemKind(.contentTooLarge, "body_too_large", "Content too large")
    static let unsupportedMediaType = ProblemKind(
        .unsupportedMediaType, "unsupported_media_type", "Unsupported media type")
    static let rateLimited = ProblemKind(.tooManyRequests, "rate_limited", "Too many requests")
    static let forbidden = ProblemKind(.forbidden, "forbidden", "Forbidden")
    static let wrongCredentials = ProblemKind(.unauthorized, "wrong_credentials", "Wrong credentials")
    static let passcodeRequired = ProblemKind(.forbidden, "passcode_required", "Passcode required")
    static let wrongPasscode = ProblemKind(.forbidden, "wrong_passcode", "Wrong passcode")
    static let tooManyAttempts = ProblemKind(.tooManyRequests, "too_many_attempts", "Too many attempts")
    static let meetingLocked = ProblemKind(.conflict, "meeting_locked", "Meeting locked")
    static let meetingFull = ProblemKind(.conflict, "meeting_full", "Meeting full")
    static let meetingEnded = ProblemKind(.conflict, "meeting_ended", "Meeting ended")
    static let notAdmitted = ProblemKind(.forbidden, "not_admitted", "Not let in")
    static let notInMeeting = ProblemKind(.forbidden, "not_in_meeting", "Not in the meeting")
    static let tooManyStreams = ProblemKind(.tooManyRequests, "too_many_streams", "Too many streams")
    static let removedFromMeeting = ProblemKind(.forbidden, "removed_from_meeting", "Removed from the meeting")
    static let recordingNotOffered = ProblemKind(.conflict, "recording_not_offered", "Recording not offered")
    static let invalid = ProblemKind(.unprocessableContent, "invalid", "Unacceptable values")
    static let busy = ProblemKind(.serviceUnavailable, "busy", "Busy")
    static let unavailable = ProblemKind(.serviceUnavailable, "unavailable", "Service unavailable")

    static let unverifiedEvent = ProblemKind(.unauthorized, "unverified_event", "Not signed by the media server")
    static let unreadableEvent = ProblemKind(.badRequest, "unreadable_event", "Unreadable event")

    static func notFound(_ subject: ConferenceError.Subject) -> ProblemKind {
        ProblemKind(.notFound, ConferenceError.notFound(subject).code, "Not found")
    }

    static func conflict(_ conflict: ConferenceError.Conflict) -> ProblemKind {
        ProblemKind(.conflict, conflict.rawValue, "Conflict")
    }

    static let internalError = ProblemKind(.internalServerError, "internal_error", "Internal error")
    static let notReady = ProblemKind(.serviceUnavailable, "not_ready", "Not ready")

    /// One such problem.
    func problem(
        _ detail: String, headers: HTTPHeaders = [:], fields: [HTTPProblem.Field] = [], cause: (any Error)? = nil
    ) -> HTTPProblem {
        HTTPProblem(
            status, code: code, title: title, detail: detail, headers: headers, fields: fields, cause: cause)
    }
}
