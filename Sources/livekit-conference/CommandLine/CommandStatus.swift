import Platform
import Postgres

/// How a command ended, by the numbers of sysexits(3).
enum CommandStatus: Int32, Sendable {
    case success = 0
    /// It ran, and the answer is no.
    case failure = 1
    /// Wrong usage of the command line.
    case usage = 64
    /// Wrong input.
    case dataError = 65
    /// A service it needs can't be reached.
    case unavailable = 69
    case software = 70
    /// Trying again later may help.
    case temporaryFailure = 75
    /// Not allowed to do, or to see, all that was asked for.
    case notPermitted = 77
    /// Wrong configuration.
    case configuration = 78
}

extension CommandStatus {
    /// How a command ended that stopped at an error. Systemd doesn't try again what ended with ``dataError``.
    init(_ error: any Error) {
        switch error {
        case let failure as ServiceStartError: self.init(failure.cause)
        case let error as MigrationError where !error.mayPass: self = .dataError
        default: self = .failure
        }
    }
}
