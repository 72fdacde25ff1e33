/// Asks a service that we depend on whether it works.
public protocol HealthCheck: Sendable {
    /// The service's name as `/health` and logs show it, such as `postgresql`.
    var service: String { get }
    /// Whether nothing works without it. A failed critical service makes the whole system `failed`, another one
    /// `degraded`.
    var isCritical: Bool { get }

    /// Returns when the service works. Bounded by the monitor's time limit, so it need not bound itself.
    ///
    /// - Throws: ``HealthFailure`` with a reason fit for the public; of any other error only the log hears.
    func check() async throws
}

/// Why a service does not work as it should.
public struct HealthFailure: Error, Sendable {
    /// For everyone to see: no host names, addresses, URLs or credentials.
    public let reason: String
    /// Works, but not well.
    public let isDegraded: Bool
    /// For the log.
    public let cause: (any Error)?

    public init(_ reason: String, isDegraded: Bool = false, cause: (any Error)? = nil) {
        self.reason = reason
        self.isDegraded = isDegraded
        self.cause = cause
    }
}
