import FoundationEssentials

/// Raises and lowers hands: in the database, whose order counts, and as an attribute of the participant on the media
/// server, where everyone sees it.
struct RaisedHands: Sendable {
    let moderation: any ModerationStoring
    let media: any MediaServing
    let journal: MeetingJournal

    /// Absent while the hand is down. In seconds since 1970, with fractions.
    static let attribute = "handRaisedAt"

    /// Sets one's own hand, or lowers somebody's as a host, which goes into the audit log.
    ///
    /// Throws `conflict(.participantGone)`, `unavailable`.
    func set(
        _ isRaised: Bool, of id: ParticipantID, in meeting: MeetingID, by host: MeetingStanding? = nil
    ) async throws -> ParticipantChange {
        let now = journal.clock.now
        let change = try await journal.atomically {
            guard let change = try await moderation.setHand(id, in: meeting, raisedAt: isRaised ? now : nil) else {
                throw ConferenceError.conflict(.participantGone)
            }
            guard change.isNew else { return change }
            try await journal.record(isRaised ? "hand.raised" : "hand.lowered", in: meeting, about: id, at: now)
            if let host { try await journal.audit(.handLowered, by: host, about: id) }
            return change
        }
        let raisedAt = change.participant.handRaisedAt
        let text = raisedAt.map { "\($0.timeIntervalSince1970)" } ?? ""
        if change.isNew {
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
