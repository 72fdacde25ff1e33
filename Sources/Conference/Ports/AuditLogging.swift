import FoundationEssentials

/// Something that an operator may have to account for later.
public struct AuditEntry: Hashable, Sendable {
    public enum Action: String, Sendable, CaseIterable {
        case accountCreated = "account.created"
        case accountDisabled = "account.disabled"
        case accountEnabled = "account.enabled"
        case accountRoleChanged = "account.role_changed"
        case accountPasswordChanged = "account.password_changed"
        case accountSessionsRevoked = "account.sessions_revoked"
        case meetingCreated = "meeting.created"
        case meetingChanged = "meeting.changed"
        case meetingEnded = "meeting.ended"
        case meetingDeleted = "meeting.deleted"
        case participantAdmitted = "participant.admitted"
        case participantDenied = "participant.denied"
        case participantMuted = "participant.muted"
        case everyoneMuted = "participant.all_muted"
        case participantRemoved = "participant.removed"
        case participantRemovalLifted = "participant.removal_lifted"
        case hostAdded = "host.added"
        case hostDropped = "host.dropped"
        case handLowered = "hand.lowered"
        case messageDeleted = "message.deleted"
        case recordingStarted = "recording.started"
        case recordingStopped = "recording.stopped"
        case recordingDownloaded = "recording.downloaded"
        case recordingDeleted = "recording.deleted"
    }

    public let action: Action
    /// Nil for the command line and the system itself.
    public let actor: AccountID?
    /// The account, meeting or recording concerned.
    public let subject: UUID
    public let at: Date
    /// Short facts without secrets.
    public let details: [String: String]

    public init(_ action: Action, actor: AccountID?, subject: UUID, at: Date, details: [String: String] = [:]) {
        self.action = action
        self.actor = actor
        self.subject = subject
        self.at = at
        self.details = details
    }
}

/// The append-only record of who did what. Every function may throw `ConferenceError.unavailable`.
public protocol AuditLogging: Sendable {
    /// Runs `body` so that everything it puts into stores, entries included, is stored together or not at all.
    ///
    /// For a change and what is recorded of it. Nothing belongs in there but stores: what others are told, they are
    /// told afterwards.
    func atomically<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value
    func record(_ entry: AuditEntry) async throws
}
