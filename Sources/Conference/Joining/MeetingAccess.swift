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
        guard let meeting = try await meetings.meeting(.id(id)) else { throw ConferenceError.notFound(.meeting) }
        let manages = caller.principal.map(meeting.isManaged) ?? false
        guard claim != nil || manages else { throw ConferenceError.notFound(.meeting) }
        var participant: Participant?
        if let claim {
            participant = try await participants.participant(claim.participantID)
            if participant?.meetingID != id || participant?.leftAt != nil || participant?.removedAt != nil {
                participant = nil
            }
            guard participant != nil || manages else { throw ConferenceError.notInMeeting }
        }
        return MeetingStanding(
            meeting: meeting, participant: participant,
            accountID: caller.principal?.accountID ?? participant?.accountID,
            role: manages ? .host : participant?.actingRole ?? .guest)
    }
}
