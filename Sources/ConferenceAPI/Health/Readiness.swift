import Platform

/// Whether the server shall get requests: from when everything is started until it begins to drain.
public final class Readiness: Sendable {
    /// What the server is doing.
    public enum Phase: String, Sendable { case starting, serving, draining }

    private let state = Lock(Phase.starting)

    public init() {}

    public var phase: Phase { state.withLock { $0 } }

    /// Everything is started and migrations are applied.
    public func beginServing() { state.withLock { if $0 == .starting { $0 = .serving } } }

    /// No more requests shall come; for good.
    public func beginDraining() { state.withLock { $0 = .draining } }
}
