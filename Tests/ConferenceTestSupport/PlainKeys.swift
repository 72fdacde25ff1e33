import Conference
import FoundationEssentials

/// Keys that name their claim in plain text.
public struct PlainKeys: ParticipantKeySigning {
    public init() {}

    public func key(for claim: ParticipantClaim) -> String { "\(claim.meetingID)/\(claim.participantID)" }

    public func claim(of key: String, at moment: Date) -> ParticipantClaim? {
        let parts = key.split(separator: "/").map(String.init)
        guard parts.count == 2, let meeting = MeetingID(parts[0]), let participant = ParticipantID(parts[1]) else {
            return nil
        }
        return ParticipantClaim(meetingID: meeting, participantID: participant, expiresAt: moment + 3600)
    }
}
