/// Finds out what a caller is in a meeting: the first step of everything that people do in one.
public struct MeetingAccess: Sendable {
    private let meetings: any MeetingStoring
    private let participants: any ParticipantStoring

    public init(meetings: any MeetingStoring, participants: any ParticipantStoring) {
        self.meetings = meetings
        self.participants = participants
    }

    /// Throws `notFound(.meeting)` for strangers, as if there were no such meeting, `notInMeeting` for those who left
    /// or were removed, `unavailable`.
    public func standing(of caller: MeetingCaller, in id: MeetingID) async throws -> MeetingStanding {
        let claim = caller.claim.flatMap { $0.meetingID == id ? $0 : nil }
        let found =
            if let claim {
                try await participants.place(of: claim.participantID, in: id)
            } else {
                try await meetings.meeting(.id(id)).map { MeetingPlace(meeting: $0, participant: nil) }
            }
        guard let found else { throw ConferenceError.notFound(.meeting) }
        let meeting = found.meeting
        let manages = caller.principal.map(meeting.isManaged) ?? false
        guard claim != nil || manages else { throw ConferenceError.notFound(.meeting) }
        let participant = found.participant.flatMap { $0.leftAt == nil && $0.removedAt == nil ? $0 : nil }
        guard claim == nil || participant != nil || manages else { throw ConferenceError.notInMeeting }
        return MeetingStanding(
            meeting: meeting, participant: participant,
            accountID: caller.principal?.accountID ?? participant?.accountID,
            role: manages ? .host : participant?.actingRole ?? .guest)
    }
}
