import FoundationEssentials

/// Someone at a meeting's door.
public struct JoinAttempt: Hashable, Sendable {
    public let meeting: MeetingReference
    public let participantID: ParticipantID
    /// Nil for guests.
    public let principal: Principal?
    public let displayName: DisplayName
    /// The hash against which the passcode was found right: if it isn't the meeting's any more, the door stays shut.
    public let verifiedPasscodeHash: PasswordHash?
    public let at: Date
    public let seatHeldUntil: Date

    public init(
        meeting: MeetingReference, participantID: ParticipantID, principal: Principal?, displayName: DisplayName,
        verifiedPasscodeHash: PasswordHash? = nil, at: Date, seatHeldUntil: Date
    ) {
        self.meeting = meeting
        self.participantID = participantID
        self.principal = principal
        self.displayName = displayName
        self.verifiedPasscodeHash = verifiedPasscodeHash
        self.at = at
        self.seatHeldUntil = seatHeldUntil
    }
}

/// What the door said, with the meeting as it was at that moment.
public enum JoinOutcome: Hashable, Sendable {
    /// The participant was recorded; waiting in the lobby if `admittedAt` is nil.
    case recorded(Participant, Meeting, recordingActive: Bool)
    /// Nothing was recorded. `Meeting.refusal(of:)` says why; without another reason there was no seat.
    case refused(Meeting)
    /// Nothing was recorded, since a host removed this account from the meeting.
    case keptOut
    case missing
}

/// A meeting, and someone who came to it.
public struct MeetingPlace: Hashable, Sendable {
    public let meeting: Meeting
    /// Also someone who has left; nil when they never were in this meeting.
    public let participant: Participant?

    public init(meeting: Meeting, participant: Participant?) {
        self.meeting = meeting
        self.participant = participant
    }
}

/// Where the people of meetings are kept. Every function may throw `ConferenceError.unavailable`.
public protocol ParticipantStoring: Sendable {
    /// Checks the door and records the participant as one atomic step: no join slips in after a meeting was ended or
    /// locked, and no more seats are taken than there are. The first to be admitted makes the meeting live.
    ///
    /// Implementations enforce exactly what `Meeting.refusal(of:)` says, and the capacity.
    func join(_ attempt: JoinAttempt) async throws -> JoinOutcome
    /// Also someone who has left. Nil when there never was such a participant.
    func participant(_ id: ParticipantID) async throws -> Participant?
    /// A meeting together with someone in it. Nil when there is no such meeting.
    func place(of id: ParticipantID, in meeting: MeetingID) async throws -> MeetingPlace?
    /// Those who have joined and not left, in the order of joining, up to `limit`.
    func present(in meeting: MeetingID, limit: Int) async throws -> [Participant]
    /// Marks someone as gone; false when they were already or never were there.
    func leave(_ id: ParticipantID, at moment: Date) async throws -> Bool
}
