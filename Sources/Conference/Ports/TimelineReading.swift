import FoundationEssentials

/// Reads what happened in a meeting out of everything where it was written down.
public protocol TimelineReading: Sendable {
    /// Up to `limit` entries after `place`, oldest first; of one source, or of all when nil. What a host did is there once,
    /// though the audit log and the meeting's events both have it.
    ///
    /// - Parameter withErrors: also why an event of the media server could not be applied, which may name internals.
    ///
    /// May throw `ConferenceError.unavailable`.
    func timeline(
        of meeting: MeetingID, after place: TimelinePlace, source: TimelineItem.Source?, limit: Int, withErrors: Bool
    ) async throws -> [TimelineItem]
}
