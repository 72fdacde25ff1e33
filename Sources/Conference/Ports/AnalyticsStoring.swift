import FoundationEssentials

/// Where the figures of meetings are kept. Every function may throw `ConferenceError.unavailable`.
public protocol AnalyticsStoring: Sendable {
    /// The steps of a period, the empty ones too, with the gatherings that have ended and begun in them; of everybody's
    /// meetings when `owner` is nil.
    func steps(of period: AnalyticsPeriod, owner: AccountID?) async throws -> [AnalyticsStep]
    /// A gathering that goes on is counted until `moment`.
    func analytics(of meeting: MeetingID, at moment: Date) async throws -> MeetingAnalytics
    /// Up to `limit` participants with ids above `after` (all when nil), lowest first; who is still there is counted until
    /// `moment`.
    func participants(
        of meeting: MeetingID, after: ParticipantID?, limit: Int, at moment: Date
    ) async throws -> [ParticipantFigures]
    /// Keeps what someone thinks, in place of what they said before.
    func insert(_ feedback: Feedback, of participant: ParticipantID, in meeting: MeetingID) async throws
    /// Sums up anew what has changed, of gatherings that ended before `moment`. Returns how many it was, `limit` at most.
    func summarise(endedBefore moment: Date, limit: Int) async throws -> Int
}
