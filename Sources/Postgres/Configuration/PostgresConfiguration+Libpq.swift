import Platform

extension PostgresConfiguration {
    /// The parameters for `PQconnectStartParams`: those of the URL, with this client's settings where the URL has none.
    ///
    /// - Parameter hosts: what the URL's hosts resolved to, or nil to leave the hosts to libpq.
    func libpqParameters(hosts: ResolvedHosts?) -> [(String, String)] {
        var merged = Self.defaults.merging(parameters) { $1 }
        if merged["application_name"] == nil { merged["application_name"] = applicationName }
        merged["client_encoding"] = "UTF8"
        merged["options"] = serverOptions + (parameters["options"].map { " \($0)" } ?? "")
        if let hosts {
            merged["host"] = hosts.names.joined(separator: ",")
            merged["hostaddr"] = hosts.addresses.joined(separator: ",")
            if let ports = hosts.ports { merged["port"] = ports.joined(separator: ",") }
        }
        return merged.map { ($0.key, $0.value) }
    }

    /// A vanished network is noticed by TCP itself, also on a connection that only waits.
    private static let defaults = [
        "gssencmode": "disable",
        "keepalives_idle": "30",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
    ]

    /// Settings that values are read by, and the server's own time limits. Those of the URL come later and win.
    private var serverOptions: String {
        let settings: [(String, String)] = [
            ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("bytea_output", "hex"),
            ("statement_timeout", "\(statementTimeout.wholeMilliseconds)"),
            ("idle_in_transaction_session_timeout", "\(idleInTransactionTimeout.wholeMilliseconds)"),
        ]
        return settings.map { "-c \($0.0)=\($0.1)" }.joined(separator: " ")
    }

    /// The password never leaves in a message, whatever a library writes into its own.
    func scrub(_ message: String) -> String {
        guard let password = parameters["password"], password.count >= 4, password != parameters["user"],
            password != parameters["dbname"], password != parameters["host"]
        else { return message }
        return message.replacing(password, with: "[password]")
    }
}

extension Duration {
    /// At most what PostgreSQL takes for a time limit; zero means none.
    var wholeMilliseconds: Int64 { min(max(0, nanoseconds / 1_000_000), Int64(Int32.max)) }
}
