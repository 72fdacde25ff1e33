import Platform

extension Settings {
    static let mediaNodeIP = Setting(
        SettingDescription(
            "LIVEKIT_NODE_IP",
            "The public IPv4 address that media goes to. Without it, LiveKit asks a STUN server for it.",
            example: "198.51.100.7", .optional)
    ) { (text: String) throws(InvalidSetting) -> String in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) && UInt8($0) != nil })
        else { throw InvalidSetting("must be an IPv4 address such as 198.51.100.7") }
        return text
    }

    static let mediaStunServers = Setting(
        SettingDescription(
            "LIVEKIT_STUN_SERVERS",
            "STUN servers for LiveKit and browsers, each host:port, separated by commas. Without them, browsers are given public ones.",
            example: "stun.example.org:3478", .optional)
    ) { (text: String) throws(InvalidSetting) -> [String] in
        let servers = SettingParsers.list(text)
        for server in servers {
            let parts = server.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]), port > 0 else {
                throw InvalidSetting("has \"\(server)\", which must be like stun.example.org:3478")
            }
        }
        return servers
    }

    static let mediaTCPPort = Setting(
        SettingDescription(
            "LIVEKIT_TCP_PORT", "The port for media by TCP, for networks that let no UDP through.", example: "7881",
            .fallback("7881")),
        parse: SettingParsers.integer(1024...65535))

    static let mediaUDPPorts = Setting(
        SettingDescription(
            "LIVEKIT_UDP_PORTS", "The ports for media by UDP: the first and the last.", example: "50000-60000",
            .fallback("50000-60000"))
    ) { (text: String) throws(InvalidSetting) -> ClosedRange<Int> in
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1024, last <= 65535, first < last
        else { throw InvalidSetting("must be two ports from 1024 to 65535 such as 50000-60000") }
        return first...last
    }

    static let proxyCertificates = Setting(
        SettingDescription(
            "PROXY_CERTIFICATES",
            "Where Caddy has its certificates from: acme, or internal for an authority of its own that browsers don't know.",
            example: "acme", .fallback("acme")),
        parse: SettingParsers.word(ProxyCertificates.self))

    static let proxyPlainPort = Setting(
        SettingDescription(
            "PROXY_PORT_80",
            "closed: certificates are got over port 443 alone. open: Caddy also listens on port 80, sends browsers to https and answers HTTP-01.",
            example: "closed", .fallback("closed")),
        parse: SettingParsers.word(ProxyPlainPort.self))

    static let acmeEmail = Setting(
        SettingDescription(
            "ACME_EMAIL", "The address that the certificate authority writes to.", example: "admin@example.org",
            .optional)
    ) { (text: String) throws(InvalidSetting) -> String in
        guard text.contains("@"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"{}\"`\\#".utf8.contains($0) })
        else { throw InvalidSetting("must be an e-mail address") }
        return text
    }

    static let acmeDirectory = Setting(
        SettingDescription(
            "ACME_DIRECTORY", "The certificate authority's ACME directory. Without it, Caddy's own choice.",
            example: "https://acme-v02.api.letsencrypt.org/directory", .optional),
        parse: SettingParsers.baseURL(schemes: ["https"]))
}

/// Where the proxy's certificates come from.
enum ProxyCertificates: String, CaseIterable, Sendable {
    case acme
    /// An authority of Caddy's own.
    case `internal`
}

/// Whether the proxy listens on port 80.
enum ProxyPlainPort: String, CaseIterable, Sendable {
    case closed
    case open
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
