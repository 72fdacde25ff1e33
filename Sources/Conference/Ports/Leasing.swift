import FoundationEssentials

/// Lets one instance among several do what only one should do at a time.
public protocol Leasing: Sendable {
    /// Takes the lease or prolongs it: true while nobody else holds it. It ends by itself, so work that takes longer than
    /// it, or a stopped process, may see two holders: use it for work that does no harm when done twice.
    func acquire(_ name: String, holder: UUID, for duration: Duration) async throws -> Bool
    func release(_ name: String, holder: UUID) async throws
}
