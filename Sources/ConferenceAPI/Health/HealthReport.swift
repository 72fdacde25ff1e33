import FoundationEssentials

/// How a service or the whole system is.
public enum HealthStatus: String, CaseIterable, Sendable {
    case ok, degraded, failed
    /// Not checked yet, in the first moments.
    case unknown
    case notConfigured = "not_configured"
}

/// What the latest check of a service found.
public struct ServiceHealth: Hashable, Sendable {
    public let service: String
    public let isCritical: Bool
    public internal(set) var status: HealthStatus
    /// How long the latest check took; nil when it did not end in time.
    public internal(set) var latency: Duration?
    /// Why it is not ok, for everyone to see.
    public internal(set) var reason: String?
    /// Since when the status has been what it is.
    public internal(set) var since: Date
}

/// How everything is.
public struct HealthReport: Hashable, Sendable {
    public let services: [ServiceHealth]

    /// Failed when a critical service is, degraded when anything else is not as it should.
    public var status: HealthStatus {
        if services.contains(where: { $0.isCritical && $0.status == .failed }) { return .failed }
        if services.contains(where: { $0.isCritical && $0.status == .unknown }) { return .unknown }
        let isFine = services.allSatisfy { $0.status == .ok || $0.status == .notConfigured }
        return isFine ? .ok : .degraded
    }
}
