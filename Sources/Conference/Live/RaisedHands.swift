import FoundationEssentials

/// Raises and lowers hands: in the database, whose order counts, and as an attribute of the participant on the media
/// server, where everyone sees it.
struct RaisedHands: Sendable {
    let moderation: any ModerationStoring
    let media: any MediaServing
    let journal: MeetingJournal

    /// Absent while the hand is down. In seconds since 1970, with fractions.
    static let attribute = "handRaisedAt"

    /// Throws `conflict(.participantGone)`, `unavailable`.
    func set(_ isRaised: Bool, of id: ParticipantID, in meeting: MeetingID) async throws -> ParticipantChange {
        let now = journal.clock.now
        guard let change = try await moderation.setHand(id, in: meeting, raisedAt: isRaised ? now : nil) else {
            throw ConferenceError.conflict(.participantGone)
        }
        let raisedAt = change.participant.handRaisedAt
        let text = raisedAt.map { "\($0.timeIntervalSince1970)" } ?? ""
        if change.isNew {
            try await journal.record(isRaised ? "hand.raised" : "hand.lowered", in: meeting, about: id, at: now)
            await journal.tell(
                isRaised ? .handRaised : .handLowered, in: meeting, ["participantId": .string(id.description)])
        }
        do {
            try await media.update(id, in: meeting, with: MediaParticipantUpdate(attributes: [Self.attribute: text]))
        } catch ConferenceError.notFound {
            // Not connected at the moment: the list of participants tells.
        }
        return change
    }
}
