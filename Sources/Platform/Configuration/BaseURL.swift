/// The address that a service's paths are appended to: `scheme://host[:port][/path]`, without a slash at its end.
public struct BaseURL: Hashable, Sendable, CustomStringConvertible {
    public let scheme: String
    /// In lower case, without brackets.
    public let host: String
    public let port: UInt16?
    /// Empty, or starting with a slash.
    public let path: String

    init(_ url: ServiceURL) {
        scheme = url.scheme
        host = url.host
        port = url.port
        var path = url.path[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }

    /// Scheme, host and port as browsers write them (RFC 6454): the scheme's own port is left out.
    public var origin: String {
        let defaults: [String: UInt16] = ["http": 80, "ws": 80, "https": 443, "wss": 443]
        let shownHost = host.contains(":") ? "[\(host)]" : host
        guard let port, port != defaults[scheme] else { return "\(scheme)://\(shownHost)" }
        return "\(scheme)://\(shownHost):\(port)"
    }

    public var description: String { origin + path }

    /// Whether what is sent there is encrypted.
    public var isSecure: Bool { scheme == "https" || scheme == "wss" }

    public var isLoopback: Bool { isLoopbackHost(host) }
}
