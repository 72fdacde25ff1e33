import Platform
import Postgres

/// Where PostgreSQL is, as far as it can be judged without connecting.
struct DatabaseAddress: Sendable, CustomStringConvertible {
    /// As written, with the password: secret.
    let text: String
    let configuration: PostgresConfiguration

    init(_ text: String) throws(InvalidSetting) {
        do {
            configuration = try PostgresConfiguration(url: text)
        } catch PostgresError.configuration(let reason) {
            throw InvalidSetting("is wrong: \(reason)")
        } catch {
            throw InvalidSetting("is wrong: \(error)")
        }
        self.text = text
        let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
        if let mode = configuration.parameters["sslmode"], !modes.contains(mode) {
            throw InvalidSetting("must have an sslmode that is one of \(modes.joined(separator: ", "))")
        }
    }

    /// Whether it is on this very machine, by TCP or a Unix socket.
    var isLoopback: Bool {
        let hosts = ["host", "hostaddr"].compactMap { configuration.parameters[$0] }.flatMap {
            $0.split(separator: ",")
        }
        return hosts.allSatisfy { isLoopbackHost($0.lowercased()) }
    }

    /// Whether the server's certificate and name are checked, so that nobody in between reads along.
    var isVerified: Bool { configuration.parameters["sslmode"] == "verify-full" }

    /// Without the password.
    var description: String { configuration.description }
}
