extension MeetingEvent.Name {
    /// Someone waits in the lobby; for hosts. Data: `participantId`, `displayName`, `role`.
    public static let lobbyKnocked = MeetingEvent.Name(rawValue: "lobby.knocked")
    /// Someone waits no longer; for hosts. Data: `participantId`, `status`.
    public static let lobbyLeft = MeetingEvent.Name(rawValue: "lobby.left")
    /// For whom it concerns: they were let in, and find their connection at `participants/me`. Data: `participantId`.
    public static let participantAdmitted = MeetingEvent.Name(rawValue: "participant.admitted")
    /// For whom it concerns: they were turned away. Data: `participantId`.
    public static let participantDenied = MeetingEvent.Name(rawValue: "participant.denied")
    /// For whom it concerns, and for hosts: they were thrown out. Data: `participantId`.
    public static let participantRemoved = MeetingEvent.Name(rawValue: "participant.removed")
    /// For whom it concerns: a host muted them. Data: `participantId`, `source`.
    public static let participantMuted = MeetingEvent.Name(rawValue: "participant.muted")
    /// Someone became a host, or no longer is one. Data: `participantId`, `role`.
    public static let participantRoleChanged = MeetingEvent.Name(rawValue: "participant.role_changed")
    /// Data: `participantId`, `raisedAt`.
    public static let handRaised = MeetingEvent.Name(rawValue: "hand.raised")
    /// Data: `participantId`.
    public static let handLowered = MeetingEvent.Name(rawValue: "hand.lowered")
    /// Title, times or settings changed. Data: `version`.
    public static let meetingChanged = MeetingEvent.Name(rawValue: "meeting.changed")
    /// Data: the whole message: `id`, `participantId`, `displayName`, `role`, `text`; its time is the event's.
    public static let messageSent = MeetingEvent.Name(rawValue: "message.sent")
    /// Data: `id`.
    public static let messageDeleted = MeetingEvent.Name(rawValue: "message.deleted")
}
