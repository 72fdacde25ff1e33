/// What someone is in a meeting at this moment.
public struct MeetingStanding: Hashable, Sendable {
    public let meeting: Meeting
    /// Who they are in the room; nil for a host who manages the meeting from outside.
    public let participant: Participant?
    /// The account they are signed in with.
    public let accountID: AccountID?
    /// The higher of what the account and the participant may do.
    public let role: ParticipantRole

    public init(meeting: Meeting, participant: Participant?, accountID: AccountID?, role: ParticipantRole) {
        self.meeting = meeting
        self.participant = participant
        self.accountID = accountID
        self.role = role
    }

    public var isHost: Bool { role == .host }

    /// Whether they were let in; someone in the lobby wasn't.
    public var isAdmitted: Bool { isHost || participant?.admittedAt != nil }

    /// Throws `ConferenceError.forbidden`.
    public func requireHost() throws {
        guard isHost else { throw ConferenceError.forbidden }
    }

    /// Throws `ConferenceError.notAdmitted`.
    public func requireAdmitted() throws {
        guard isAdmitted else { throw ConferenceError.notAdmitted }
    }

    /// Throws `ConferenceError.notAdmitted` for those in the lobby and `ConferenceError.forbidden` unless `audience`
    /// includes their role.
    public func require(_ audience: Audience) throws {
        try requireAdmitted()
        guard audience.includes(role) else { throw ConferenceError.forbidden }
    }
}
