import Platform

/// A PostgreSQL connection URI (libpq, section "Connection URIs"), as far as it can be judged without connecting.
struct DatabaseAddress: Hashable, Sendable, CustomStringConvertible {
    /// As written, with the password: secret.
    let text: String
    private let url: ServiceURL

    init(_ text: String) throws(InvalidSetting) {
        let url = try ServiceURL(text)
        guard ["postgresql", "postgres"].contains(url.scheme) else {
            throw InvalidSetting("must start with postgresql://")
        }
        let database = url.path.dropFirst()
        guard !database.isEmpty || url.query["dbname"]?.isEmpty == false, !database.contains("/") else {
            throw InvalidSetting("must end with the name of a database, such as /livekit_conference")
        }
        let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
        if let mode = url.query["sslmode"], !modes.contains(mode) {
            throw InvalidSetting("must have an sslmode that is one of \(modes.joined(separator: ", "))")
        }
        self.text = text
        self.url = url
    }

    /// Whether it is on this very machine, by TCP or a Unix socket.
    var isLoopback: Bool {
        let named = ["host", "hostaddr"].compactMap { url.query[$0] }.flatMap { $0.split(separator: ",") }
        return url.isLoopback && named.allSatisfy { isLoopbackHost(String($0)) }
    }

    /// Whether the server's certificate and name are checked, so that nobody in between reads along.
    var isVerified: Bool { url.query["sslmode"] == "verify-full" }

    /// Without the password.
    var description: String { url.description }
}
