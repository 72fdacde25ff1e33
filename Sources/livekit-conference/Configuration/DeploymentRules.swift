import HTTPServer
import Platform
import Redis

/// What is fine on a developer's machine and wrong elsewhere. Plain connections over a network are refused in production and
/// warned of in staging; well-known secrets are refused in both.
enum DeploymentRules {
    private static let wellKnownSecrets: Set<String> = [
        "devkey", "secret", "test", "password", "postgres", "minioadmin", "changeme", "change-me", "example",
        "abcdefghijklmnopqrstuvwxyz0123456789",
    ]

    /// What browsers or others on the internet talk to must be encrypted.
    static func checkPublic(_ url: BaseURL?, _ setting: SettingDescription, _ reader: inout SettingsReader) {
        guard let url, !url.isSecure else { return }
        let scheme = url.scheme == "ws" ? "wss" : "https"
        refuseInProduction(setting, "must start with \(scheme)://", &reader)
    }

    /// What this program alone talks to must be encrypted unless it is on this machine.
    static func checkPrivate(_ url: BaseURL?, _ setting: SettingDescription, _ reader: inout SettingsReader) {
        guard let url, !url.isSecure, !url.isLoopback else { return }
        refuseInProduction(setting, "must start with https://", since: "\(url.host) is another machine", &reader)
    }

    static func checkStorage(_ endpoint: String?, _ reader: inout SettingsReader) {
        guard let endpoint, endpoint.lowercased().hasPrefix("http://") else { return }
        refuseInProduction(Settings.storageEndpoint.description, "must start with https://", &reader)
    }

    static func checkOrigins(_ origins: [String]?, _ reader: inout SettingsReader) {
        for origin in origins ?? [] where !origin.hasPrefix("https://") {
            refuseInProduction(
                Settings.allowedOrigins.description, "has \(origin), which must start with https://", &reader)
        }
    }

    static func checkSecret(_ value: String?, _ setting: SettingDescription, _ reader: inout SettingsReader) {
        guard reader.environment != .local, let value else { return }
        let isPlaceholder = value.hasPrefix("(") || value == setting.example
        if value == setting.fallback(in: .local) || wellKnownSecrets.contains(value.lowercased()) || isPlaceholder {
            reader.report(setting, "is a well-known development value, which must not be used outside of APP_ENV=local")
        } else if setting.name.hasSuffix("SECRET"), Set(value).count < 8 {
            reader.report(setting, "is too easy to guess: make a random one")
        }
    }

    static func checkDatabase(_ address: DatabaseAddress?, _ reader: inout SettingsReader) {
        guard let address, !address.isLoopback, !address.isVerified else { return }
        refuseInProduction(
            Settings.databaseURL.description, "must have sslmode=verify-full", since: "its host is another machine",
            &reader)
    }

    static func checkRedis(_ redis: RedisConfiguration?, _ reader: inout SettingsReader) {
        guard let redis, case .tcp(let host, _) = redis.endpoint, !isLoopbackHost(host.lowercased()) else { return }
        let setting = Settings.redisURL.description
        if redis.tls == nil {
            refuseInProduction(setting, "must start with rediss://", since: "its host is another machine", &reader)
        }
        if redis.password == nil {
            refuseInProduction(setting, "must have a password", since: "its host is another machine", &reader)
        }
    }

    static func checkListening(
        _ address: ListenAddress?, trustedProxies: TrustedProxies??, _ reader: inout SettingsReader
    ) {
        guard reader.environment != .local, let address else { return }
        let isBehindProxy: Bool
        switch address {
        case .unix: isBehindProxy = true
        case .tcp(let host, _): isBehindProxy = isLoopbackHost(host)
        }
        if !isBehindProxy {
            reader.warn(
                Settings.listen.description, "is open to the network without TLS: a proxy should stand in front")
        } else if case .some(.none) = trustedProxies {
            reader.warn(
                Settings.trustedProxies.description,
                "is missing: every request seems to come from the proxy, so that all clients share one rate limit")
        }
    }

    private static func refuseInProduction(
        _ setting: SettingDescription, _ rule: String, since reason: String? = nil, _ reader: inout SettingsReader
    ) {
        let message = rule + " in production" + (reason.map { ", since \($0)" } ?? "")
        switch reader.environment {
        case .local: break
        case .staging: reader.warn(setting, message)
        case .production: reader.report(setting, message)
        }
    }
}
