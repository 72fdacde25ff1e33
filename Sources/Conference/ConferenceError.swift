/// One field of a request and what is wrong with it.
public struct FieldProblem: Hashable, Sendable, Codable {
    /// The field's path as clients spell it, such as `settings.capacity`.
    public let field: String
    /// What is wrong and what would be right. Never repeats a secret.
    public let message: String

    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// Everything that can go wrong in the domain. `code` is stable and meant for programs; `message` is for people.
public enum ConferenceError: Error, Hashable, Sendable {
    /// The thing that wasn't found.
    public enum Subject: String, Sendable {
        case account, meeting, participant, message, whiteboard, snapshot, picture, recording
    }

    /// What the request collided with.
    public enum Conflict: String, Sendable {
        case emailTaken = "email_taken"
        /// The last active administrator can be neither disabled nor made a member.
        case lastAdministrator = "last_administrator"
        /// The thing changed since the client read it: read it again, then decide.
        case staleVersion = "stale_version"
        /// Recordings must be deleted before their meeting, because their files live elsewhere.
        case meetingHasRecordings = "meeting_has_recordings"
        case duplicate
        case tooManyWhiteboards = "too_many_whiteboards"
        case whiteboardClosed = "whiteboard_closed"
        case whiteboardFull = "whiteboard_full"
        case tooManySnapshots = "too_many_snapshots"
        case whiteboardPicturesFull = "whiteboard_pictures_full"
        /// They were let in, turned away or left before.
        case participantNotWaiting = "participant_not_waiting"
        case participantGone = "participant_gone"
        /// They are in the meeting but have no connection to the media server.
        case participantNotConnected = "participant_not_connected"
        /// Owner and administrators can neither be removed nor stop being hosts.
        case managesMeeting = "manages_meeting"
        /// Such a recording runs already, or this one still does.
        case recordingRunning = "recording_running"
        /// Its file isn't there (yet).
        case recordingNotReady = "recording_not_ready"
        /// Other recordings take the recorder's processors.
        case recordersBusy = "recorders_busy"
        /// Nobody is in the meeting.
        case meetingNotLive = "meeting_not_live"
    }

    case notFound(Subject)
    /// Nobody is signed in, or the session was revoked.
    case notAuthenticated
    case forbidden
    case conflict(Conflict)
    case invalid([FieldProblem])
    case wrongCredentials
    case passcodeRequired
    case wrongPasscode
    case tooManyAttempts(retryAfter: Duration)
    case meetingLocked
    case meetingFull
    case meetingEnded
    /// They wait in the lobby, and this is for those who were let in.
    case notAdmitted
    /// They left or were removed.
    case notInMeeting
    /// They listen to the meeting's events too often at once, or too many people do.
    case tooManyStreams
    /// A host threw them out and hasn't let them come back.
    case removedFromMeeting
    /// The recorder hasn't the processors for this kind. `reason` may be shown.
    case recordingNotOffered(reason: String)
    /// The machine has as much expensive work queued as it accepts.
    case busy(retryAfter: Duration)
    /// A service we depend on doesn't answer. `cause` is for the log, never for clients.
    case unavailable(service: String, cause: String)
    /// Something that must not happen, such as a row that doesn't fit its type. `cause` is for the log.
    case unexpected(cause: String)

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .notFound(let subject): "\(subject.rawValue)_not_found"
        case .notAuthenticated: "not_authenticated"
        case .forbidden: "forbidden"
        case .conflict(let conflict): conflict.rawValue
        case .invalid: "invalid"
        case .wrongCredentials: "wrong_credentials"
        case .passcodeRequired: "passcode_required"
        case .wrongPasscode: "wrong_passcode"
        case .tooManyAttempts: "too_many_attempts"
        case .meetingLocked: "meeting_locked"
        case .meetingFull: "meeting_full"
        case .meetingEnded: "meeting_ended"
        case .notAdmitted: "not_admitted"
        case .notInMeeting: "not_in_meeting"
        case .tooManyStreams: "too_many_streams"
        case .removedFromMeeting: "removed_from_meeting"
        case .recordingNotOffered: "recording_not_offered"
        case .busy: "busy"
        case .unavailable: "unavailable"
        case .unexpected: "unexpected"
        }
    }

    /// A sentence that may be shown to the client: it says what to do and holds no internals.
    public var message: String {
        switch self {
        case .notFound(let subject): "There is no such \(subject.rawValue)."
        case .notAuthenticated: "Sign in first."
        case .forbidden: "Your account isn't allowed to do this."
        case .conflict(.emailTaken): "Another account has this e-mail address."
        case .conflict(.lastAdministrator): "This is the last active administrator; appoint another one first."
        case .conflict(.staleVersion): "It was changed meanwhile; read it again and repeat your change."
        case .conflict(.meetingHasRecordings): "Delete the meeting's recordings first."
        case .conflict(.duplicate): "It exists already."
        case .conflict(.tooManyWhiteboards):
            "A meeting has at most \(Limits.whiteboards) whiteboards; delete one that isn't needed any more."
        case .conflict(.whiteboardClosed): "The whiteboard is closed; a host can open it again."
        case .conflict(.whiteboardFull):
            """
            The whiteboard is full: \(Limits.whiteboardElements) elements, deleted ones included, or \
            \(Limits.whiteboardBytes >> 20) MiB. Nothing was changed; go on on another one.
            """
        case .conflict(.tooManySnapshots):
            "A whiteboard has at most \(Limits.whiteboardSnapshots) snapshots; delete one that isn't needed any more."
        case .conflict(.whiteboardPicturesFull):
            """
            The whiteboard holds \(Limits.boardPictures) pictures or \(Limits.boardPictureBytes >> 20) MiB of them \
            already. Nothing was changed; use another one.
            """
        case .conflict(.participantNotWaiting): "They don't wait in the lobby any more; read the list again."
        case .conflict(.participantGone): "They have left the meeting."
        case .conflict(.participantNotConnected): "They aren't connected at the moment; try again when they are."
        case .conflict(.managesMeeting): "They own the meeting or administrate the server, so they stay its hosts."
        case .conflict(.recordingRunning): "It is still running; stop it first."
        case .conflict(.recordingNotReady): "Its file isn't there; look at the recording's state."
        case .conflict(.recordersBusy):
            "The recorder is busy with other recordings; stop one, or choose a kind that needs less."
        case .conflict(.meetingNotLive): "Nobody is in the meeting, so there is nothing to record."
        case .invalid: "Some fields aren't acceptable."
        case .wrongCredentials: "The e-mail address or the password is wrong."
        case .passcodeRequired: "This meeting asks for a passcode."
        case .wrongPasscode: "The passcode is wrong."
        case .tooManyAttempts: "Too many attempts; wait before the next one."
        case .meetingLocked: "The meeting is locked; ask its host to let you in."
        case .meetingFull: "The meeting is full."
        case .meetingEnded: "The meeting has ended."
        case .notAdmitted: "Wait until a host lets you in."
        case .notInMeeting: "You aren't in this meeting any more; join it again."
        case .tooManyStreams: "Too many listen to this meeting's events; close another window of yours first."
        case .removedFromMeeting: "A host removed you from this meeting; ask them to let you come back."
        case .recordingNotOffered(let reason): reason
        case .busy: "The server is busy; try again in a moment."
        case .unavailable(let service, _): "The \(service) isn't available at the moment; try again soon."
        case .unexpected: "Something went wrong on our side."
        }
    }
}

extension ConferenceError: CustomStringConvertible {
    /// For the log: the code, and the cause where there is one.
    public var description: String {
        switch self {
        case .unavailable(let service, let cause): "\(service) is unavailable: \(cause)"
        case .unexpected(let cause): cause
        case .invalid(let problems): "invalid: " + problems.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        default: code
        }
    }
}
