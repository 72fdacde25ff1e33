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
