/// One thing that `doctor` looks at. It changes nothing, but for those that say so.
struct DoctorCheck: Sendable {
    enum Work: Sendable {
        /// Looks at the machine with the rights of whoever runs the program. May block: it gets a thread of its own.
        case host(@Sendable (DoctorHost) throws -> DoctorFinding)
        /// Asks services, with the rights of the account that the API runs as.
        case services(@Sendable (DoctorServices) async throws -> DoctorFinding)
    }

    /// Stable: scripts and documents name it.
    let id: String
    /// What is looked at, as the end of a sentence that starts with "whether".
    let title: String
    let limit: Duration
    let work: Work

    static func host(
        _ id: String, _ title: String, limit: Duration = .seconds(10),
        _ body: @escaping @Sendable (DoctorHost) throws -> DoctorFinding
    ) -> DoctorCheck {
        DoctorCheck(id: id, title: title, limit: limit, work: .host(body))
    }

    static func services(
        _ id: String, _ title: String, limit: Duration = .seconds(10),
        _ body: @escaping @Sendable (DoctorServices) async throws -> DoctorFinding
    ) -> DoctorCheck {
        DoctorCheck(id: id, title: title, limit: limit, work: .services(body))
    }

    var isOfHost: Bool { if case .host = work { true } else { false } }

    /// Whether it is meant by its id, or by the part before the dot.
    func matches(_ name: String) -> Bool { id == name || id.hasPrefix(name + ".") }

    func look(at host: DoctorHost) throws -> DoctorFinding {
        guard case .host(let body) = work else { preconditionFailure("\(id) asks services") }
        return try body(host)
    }

    func ask(_ services: DoctorServices) async throws -> DoctorFinding {
        guard case .services(let body) = work else { preconditionFailure("\(id) looks at the machine") }
        return try await body(services)
    }

    /// All there are, in the order of the report.
    static let all: [DoctorCheck] =
        ConfigurationChecks.all + VersionChecks.all + UnitChecks.all + PortChecks.all + FirewallChecks.all
        + ClockChecks.all + DiskChecks.all + MachineChecks.all + NameChecks.all + CertificateChecks.all
        + DatabaseChecks.all + RedisChecks.all + StorageChecks.all + LiveKitChecks.all + BackendChecks.all
}
