import Conference
import HTTPServer

extension ProblemKind {
    /// The one mapping from the domain's errors to HTTP.
    init(_ error: ConferenceError) {
        switch error {
        case .notFound(let subject): self = .notFound(subject)
        case .notAuthenticated: self = .unauthenticated
        case .forbidden: self = .forbidden
        case .conflict(let conflict): self = .conflict(conflict)
        case .invalid: self = .invalid
        case .wrongCredentials: self = .wrongCredentials
        case .passcodeRequired: self = .passcodeRequired
        case .wrongPasscode: self = .wrongPasscode
        case .tooManyAttempts: self = .tooManyAttempts
        case .meetingLocked: self = .meetingLocked
        case .meetingFull: self = .meetingFull
        case .meetingEnded: self = .meetingEnded
        case .notAdmitted: self = .notAdmitted
        case .notInMeeting: self = .notInMeeting
        case .tooManyStreams: self = .tooManyStreams
        case .removedFromMeeting: self = .removedFromMeeting
        case .recordingNotOffered: self = .recordingNotOffered
        case .busy: self = .busy
        case .unavailable: self = .unavailable
        case .unexpected: self = .internalError
        }
    }
}

extension HTTPProblem {
    init(_ error: ConferenceError) {
        let kind = ProblemKind(error)
        self = kind.problem(error.message, cause: error)
        switch error {
        case .notAuthenticated, .wrongCredentials:
            headers["WWW-Authenticate"] = "Session realm=\"livekit-conference\""
        case .invalid(let problems):
            fields = problems.map { Field(pointer: HTTPProblem.pointer(to: $0.field), detail: $0.message) }
        case .tooManyAttempts(let wait), .busy(let wait):
            headers["Retry-After"] = String(wait.wholeSecondsUp)
        case .tooManyStreams: headers["Retry-After"] = "10"
        case .unavailable:
            // Clients that come back after that long find a service that was only restarted.
            headers["Retry-After"] = "2"
        case .unexpected:
            detail = "The server failed to answer. Try again; if it stays, give the administrator the request id."
        default: break
        }
    }

    /// `settings.capacity` as a JSON pointer.
    private static func pointer(to field: String) -> String {
        field.isEmpty ? "" : "/" + field.split(separator: ".").joined(separator: "/")
    }
}

extension Duration {
    /// Seconds, rounded up, at least 1: what `Retry-After` takes.
    var wholeSecondsUp: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }
}
