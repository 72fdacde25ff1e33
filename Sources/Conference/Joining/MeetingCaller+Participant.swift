extension MeetingCaller {
    /// The meeting and the caller's own participant in it, also one who was turned away or has left.
    ///
    /// Throws `notFound(.participant)` for a host without a participant's key, `notFound(.meeting)` for strangers and where
    /// there is no such meeting, `notInMeeting` when the participant is gone.
    func participant(
        in id: MeetingID, _ meetings: any MeetingStoring, _ participants: any ParticipantStoring
    ) async throws -> (Meeting, Participant) {
        guard let meeting = try await meetings.meeting(.id(id)) else { throw ConferenceError.notFound(.meeting) }
        guard let claim, claim.meetingID == id else {
            let manages = principal.map(meeting.isManaged) ?? false
            throw manages ? ConferenceError.notFound(.participant) : ConferenceError.notFound(.meeting)
        }
        guard let participant = try await participants.participant(claim.participantID), participant.meetingID == id
        else { throw ConferenceError.notInMeeting }
        return (meeting, participant)
    }
}
