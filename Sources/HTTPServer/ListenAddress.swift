/// Where a server listens: `127.0.0.1:3001`, `[::]:3001` or `unix:/run/service/api.sock`.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A numeric IPv4 or IPv6 address and a port; port 0 lets the kernel choose.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix socket, at most 107 bytes (unix(7)).
    case unix(path: String)

    /// - Returns: nil when the text is none of the three forms.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count <= 107 else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
        else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard IPAddress(String(host))?.isVersion6 == true else { return nil }
        } else {
            guard IPAddress(String(host))?.isVersion6 == false else { return nil }
        }
        self = .tcp(host: String(host), port: port)
    }

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
