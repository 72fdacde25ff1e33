import FoundationEssentials

/// What came of opening the door to someone who waits.
public enum AdmissionOutcome: Hashable, Sendable {
    case admitted(Participant, Meeting)
    /// They were let in before.
    case already(Participant)
    /// They left, were turned away, or waited too long.
    case notWaiting
    case full
    case ended
    case missing
}

/// What came of turning someone away.
public enum DenialOutcome: Hashable, Sendable {
    case denied(Participant)
    case already
    case notWaiting
    case missing
}

/// Who was let in when the door was opened to all.
public struct GroupAdmission: Hashable, Sendable {
    /// In the order of their coming.
    public let admitted: [Participant]
    /// How many there were no seats for.
    public let stillWaiting: Int

    public init(admitted: [Participant], stillWaiting: Int) {
        self.admitted = admitted
        self.stillWaiting = stillWaiting
    }
}

/// The lobby and the seats of meetings. Every function may throw `ConferenceError.unavailable`.
///
/// Whatever lets someone in is one atomic step with the count of seats, and starts a meeting that has not begun.
public protocol LobbyStoring: Sendable {
    /// Those who are in the meeting, in the order of coming: waiting ones only, let-in ones only, or (nil) both; with ids
    /// above `after`, up to `limit`. Who has waited since `knockedAfter` or earlier isn't listed.
    func participants(
        in meeting: MeetingID, waiting: Bool?, knockedAfter: Date, after: ParticipantID?, limit: Int
    ) async throws -> [Participant]
    /// Lets in one who has waited since a moment later than `knockedAfter`.
    func admit(
        _ id: ParticipantID, in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> AdmissionOutcome
    /// Lets in, in the order of their coming, as many as there are seats. Nil when there is no such meeting; throws
    /// `meetingEnded`.
    func admitAll(
        in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> GroupAdmission?
    func deny(_ id: ParticipantID, in meeting: MeetingID, at moment: Date) async throws -> DenialOutcome
    /// Keeps the seat of someone who was let in, or takes a new one when theirs was given away meanwhile.
    func holdSeat(
        of id: ParticipantID, in meeting: MeetingID, at moment: Date, until: Date
    ) async throws -> AdmissionOutcome
    /// Ends the waiting of those who knocked before a moment; returns them.
    func endKnocks(before: Date, at moment: Date) async throws -> [Participant]
}
