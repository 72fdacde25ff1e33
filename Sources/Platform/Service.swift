/// A part of the program that runs for long: a server, a pool, a poller.
///
/// A ``ServiceGroup`` starts services in order and stops them in reverse.
public protocol Service: Sendable {
    /// A short name for logs, such as `postgres`.
    var name: String { get }

    /// Returns when the service is usable. An error ends the start of the whole program.
    func start() async throws

    /// Finishes what is in flight and releases everything. Called once, and only after a successful ``start()``.
    func stop() async
}
