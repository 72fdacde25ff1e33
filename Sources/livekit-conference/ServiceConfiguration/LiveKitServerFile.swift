import HTTPServer
import Platform
import Redis

/// LiveKit's configuration, made from ours. Unknown keys are fatal to it.
enum LiveKitServerFile {
    static func text(_ configuration: Configuration) -> String {
        let liveKit = configuration.liveKit
        let host = configuration.host
        var lines = [
            ServiceFiles.notice,
            "port: \(liveKit.url.port ?? 7880)",
            "# Browsers come through the proxy.",
            "bind_addresses: [\"127.0.0.1\"]",
            "rtc:",
            "  tcp_port: \(host.mediaTCPPort)",
            "  port_range_start: \(host.mediaUDPPorts.lowerBound)",
            "  port_range_end: \(host.mediaUDPPorts.upperBound)",
        ]
        if let address = host.nodeIP {
            lines += ["  use_external_ip: false", "  node_ip: \(YAML.quoted(address))"]
        } else {
            lines.append("  use_external_ip: true")
        }
        if !host.stunServers.isEmpty { lines.append("  stun_servers: \(YAML.list(host.stunServers))") }
        lines += redis(configuration.redis.configuration)
        lines += [
            "# The backend decides which rooms there are.",
            "room:",
            "  auto_create: false",
            "keys:",
            "  \(YAML.quoted(liveKit.apiKey)): \(YAML.quoted(liveKit.apiSecret))",
            "webhook:",
            "  api_key: \(YAML.quoted(liveKit.apiKey))",
            "  urls: \(YAML.list([webhook(configuration.http)]))",
            "logging:",
            "  level: info",
            "  json: true",
        ]
        return lines.joined(separator: "\n")
    }

    /// The section on Redis, which LiveKit and Egress write alike.
    static func redis(_ redis: RedisConfiguration) -> [String] {
        let address: String
        switch redis.endpoint {
        case .tcp(let host, let port): address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): address = path
        }
        var lines = ["redis:", "  address: \(YAML.quoted(address))", "  db: \(redis.database)"]
        if let user = redis.user { lines.append("  username: \(YAML.quoted(user))") }
        if let password = redis.password { lines.append("  password: \(YAML.quoted(password.text))") }
        if redis.tls != nil { lines += ["  tls:", "    enabled: true"] }
        return lines
    }

    /// Where webhooks go: straight to the API where it has a port, else through the proxy.
    private static func webhook(_ http: HTTPSettings) -> String {
        let path = "/webhooks/livekit"
        switch http.listen {
        case .tcp("0.0.0.0", let port): return "http://127.0.0.1:\(port)\(path)"
        case .tcp("::", let port): return "http://[::1]:\(port)\(path)"
        case .tcp: return "http://\(http.listen)\(path)"
        case .unix: return http.publicURL.description + path
        }
    }
}
