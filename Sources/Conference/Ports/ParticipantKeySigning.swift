import FoundationEssentials

/// Makes and reads the keys with which people in a meeting, guests included, call the API about that meeting.
public protocol ParticipantKeySigning: Sendable {
    /// Secret: never in a log or a URL.
    func key(for claim: ParticipantClaim) -> String
    /// Nil for what isn't a key of ours, and for a key that has expired at `moment`.
    func claim(of key: String, at moment: Date) -> ParticipantClaim?
}
