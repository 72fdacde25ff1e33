import FoundationEssentials

/// What changed when someone was thrown out.
public struct Removal: Hashable, Sendable {
    /// Everyone whom the account's removal concerns, on whatever device, and whether it was decided just now.
    public let participants: [Participant]
    public let isNew: Bool
    /// The meeting with guests held in the lobby from now on; nil when that did not change.
    public let changedMeeting: Meeting?

    public init(participants: [Participant], isNew: Bool, changedMeeting: Meeting?) {
        self.participants = participants
        self.isNew = isNew
        self.changedMeeting = changedMeeting
    }
}

/// A change of someone in a meeting, and whether it made a difference.
public struct ParticipantChange: Hashable, Sendable {
    public let participant: Participant
    public let isNew: Bool

    public init(participant: Participant, isNew: Bool) {
        self.participant = participant
        self.isNew = isNew
    }
}

/// What hosts do to people in a meeting. Every function may throw `ConferenceError.unavailable`; nil means that there is
/// no such participant, or (for what needs someone present) that they have left.
public protocol ModerationStoring: Sendable {
    /// Throws someone out and keeps their account out. A guest can't be recognised: instead, a meeting without a lobby
    /// holds guests in it from then on. Throws `conflict(.managesMeeting)`.
    func remove(_ id: ParticipantID, from meeting: MeetingID, at moment: Date) async throws -> Removal?
    /// Lets the account, or the guest's row, off; false when they weren't kept out.
    func liftRemoval(of id: ParticipantID, in meeting: MeetingID) async throws -> Bool?
    /// Those who are kept out, by id, above `after`.
    func removed(from meeting: MeetingID, after: ParticipantID?, limit: Int) async throws -> [Participant]
    /// Makes someone who is present a host (`since`), or takes that back (nil).
    func setCohost(
        _ id: ParticipantID, in meeting: MeetingID, since: Date?
    ) async throws -> ParticipantChange?
    /// Raises the hand of someone who is present, or lowers it (nil). A hand that is up keeps its time.
    func setHand(_ id: ParticipantID, in meeting: MeetingID, raisedAt: Date?) async throws -> ParticipantChange?
}
