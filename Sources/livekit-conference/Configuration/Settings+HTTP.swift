import HTTPServer
import Platform

extension Settings {
    static let listen = Setting(
        SettingDescription(
            "LISTEN",
            "Where the API listens: an IPv4 address with port, an IPv6 address in brackets with port, or unix: with a path. A socket passed by systemd takes its place.",
            example: "unix:/run/livekit-conference/api.sock", .fallback("127.0.0.1:3001"))
    ) { (text: String) throws(InvalidSetting) -> ListenAddress in
        guard let address = ListenAddress(text) else {
            throw InvalidSetting("must be like 127.0.0.1:3001, [::1]:3001 or unix:/run/livekit-conference/api.sock")
        }
        return address
    }

    static let publicURL = Setting(
        SettingDescription(
            "PUBLIC_URL", "The address of this API as browsers reach it. https in production.",
            example: "https://meet.example.org", .localFallback("http://localhost:3001")),
        parse: SettingParsers.baseURL(schemes: ["http", "https"]))

    static let frontendURL = Setting(
        SettingDescription(
            "FRONTEND_URL",
            "The address of the web application: its origin may call the API, and join links start with it. https in production.",
            example: "https://meet.example.org", .localFallback("http://localhost:3000")),
        parse: SettingParsers.baseURL(schemes: ["http", "https"]))

    static let allowedOrigins = Setting(
        SettingDescription(
            "CORS_ALLOWED_ORIGINS", "More origins that may call the API from a browser, separated by commas.",
            example: "https://admin.example.org,https://intranet.example.org", .optional)
    ) { (text: String) throws(InvalidSetting) -> [String] in
        let parse = SettingParsers.baseURL(schemes: ["http", "https"])
        var origins: [String] = []
        for entry in SettingParsers.list(text) {
            guard let url = try? parse(entry), url.path.isEmpty else {
                throw InvalidSetting("has \"\(entry)\", which is no origin such as https://admin.example.org")
            }
            origins.append(url.origin)
        }
        return origins
    }

    static let trustedProxies = Setting(
        SettingDescription(
            "TRUSTED_PROXIES",
            "Proxies whose X-Forwarded-For is believed: addresses or networks separated by commas, or unix for all clients of a Unix socket.",
            example: "127.0.0.1,::1", .optional)
    ) { (text: String) throws(InvalidSetting) -> TrustedProxies in
        guard let proxies = TrustedProxies(SettingParsers.list(text)) else {
            throw InvalidSetting("must be addresses, networks such as 10.0.0.0/8, or unix")
        }
        return proxies
    }

    static let maxConnections = Setting(
        SettingDescription(
            "HTTP_MAX_CONNECTIONS", "The most open connections, all clients together.", example: "4096",
            .fallback("4096")),
        parse: SettingParsers.integer(1...1_000_000))

    static let maxConnectionsPerAddress = Setting(
        SettingDescription(
            "HTTP_MAX_CONNECTIONS_PER_ADDRESS",
            "The most open connections of one client address; trusted proxies are exempt.",
            example: "256", .fallback("256")),
        parse: SettingParsers.integer(1...1_000_000))

    static let headTimeout = Setting(
        SettingDescription(
            "HTTP_HEAD_TIMEOUT", "How long a client may take to send a request's head.", example: "10s",
            .fallback("10s")),
        parse: SettingParsers.duration(.seconds(1) ... .seconds(300)))

    static let keepAliveTimeout = Setting(
        SettingDescription(
            "HTTP_KEEP_ALIVE_TIMEOUT", "How long a connection may be idle between requests.", example: "75s",
            .fallback("75s")),
        parse: SettingParsers.duration(.seconds(1) ... .seconds(3600)))

    static let sendTimeout = Setting(
        SettingDescription(
            "HTTP_SEND_TIMEOUT",
            "How long a client may take to receive an answer, and one second more for each 64 KiB.",
            example: "30s", .fallback("30s")),
        parse: SettingParsers.duration(.seconds(1) ... .seconds(3600)))

    static let rateLimit = Setting(
        SettingDescription(
            "RATE_LIMIT_PER_MINUTE", "Requests a minute of one client address, or of one account when signed in.",
            example: "1200",
            .fallback("1200")),
        parse: SettingParsers.integer(1...10_000_000))

    static let rateLimitBurst = Setting(
        SettingDescription(
            "RATE_LIMIT_BURST", "Requests that one client address or account may make at once, before the rate counts.",
            example: "300", .fallback("300")),
        parse: SettingParsers.integer(1...10_000_000))

    static let signInRateLimit = Setting(
        SettingDescription(
            "RATE_LIMIT_SIGN_IN_PER_MINUTE",
            "Attempts a minute of one client address to sign in; the burst is twice as much.",
            example: "10", .fallback("10")),
        parse: SettingParsers.integer(1...1_000_000))

    static let signInRateLimitPerAccount = Setting(
        SettingDescription(
            "RATE_LIMIT_SIGN_IN_PER_ACCOUNT_PER_MINUTE",
            "Attempts a minute to sign in to one account, from wherever; the burst is twice as much.",
            example: "5", .fallback("5")),
        parse: SettingParsers.integer(1...1_000_000))
}
