/// Where the server is and how to talk to it.
public struct RedisConfiguration: Sendable {
    /// A server's address.
    public enum Endpoint: Hashable, Sendable {
        case tcp(host: String, port: UInt16)
        case unix(path: String)
    }

    public var endpoint: Endpoint
    /// Nil for an unencrypted connection.
    public var tls: RedisTLSOptions?
    /// Nil for the server's default user.
    public var user: String?
    public var password: RedisPassword?
    public var database = 0
    /// Shown by `CLIENT LIST`: no spaces.
    public var clientName = "livekit-conference"
    /// The time for connecting, TLS and signing in together, for each of the server's addresses its share.
    public var connectTimeout: Duration = .milliseconds(1250)
    /// The time for a reply. When it passes, the connection is given up, with every command that waits on it.
    public var commandTimeout: Duration = .seconds(1)
    /// The most commands that wait for replies on one connection; more are refused at once.
    public var maximumPendingCommands = 65_536
    /// The most bytes that wait to be sent on one connection; more are refused at once.
    public var maximumOutputBytes = 64 << 20

    public init(endpoint: Endpoint) { self.endpoint = endpoint }
}

/// How to encrypt. The server's certificate is always verified, with its name.
public struct RedisTLSOptions: Hashable, Sendable {
    /// A PEM file of the trusted authorities; nil for the system's.
    public var authorityFile: String?
    /// PEM files of our own certificate chain and key, for a server that asks for them.
    public var certificateFile: String?
    public var keyFile: String?

    public init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A password that printing and reflection don't show.
public struct RedisPassword: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The password itself: secret.
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { "(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension RedisConfiguration: CustomStringConvertible {
    /// The address without user name and password, fit for logs.
    public var description: String {
        switch endpoint {
        case .unix(let path): "unix://\(path)?db=\(database)"
        case .tcp(let host, let port):
            "\(tls == nil ? "redis" : "rediss")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        }
    }
}
