import FoundationEssentials

/// Hears what the media server's recorder says about its work.
///
/// Called with every verified `egress_started`, `egress_updated` and `egress_ended` webhook, and by the reconciler with what
/// it finds by polling: in any order, more than once, and from several instances at the same time. So what is stored must be a
/// function of the set of reports, not of their order: a report never takes back a final status, and among others
/// ``MediaEgress/updatedAt`` tells which is newer. It runs while the media server waits for an answer: keep to the database
/// here and leave looking into the bucket to a service of its own.
public protocol EgressEventHandling: Sendable {
    /// - Throws: what keeps the report from being stored; it is handed over again later.
    func handle(_ egress: MediaEgress, at moment: Date) async throws
}

/// For programs that record nothing.
public struct IgnoredEgressEvents: EgressEventHandling {
    public init() {}

    public func handle(_ egress: MediaEgress, at moment: Date) async throws {}
}
