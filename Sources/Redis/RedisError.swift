/// Why a command, or a start, failed. No case carries a password or an argument of a command.
public enum RedisError: Error, Hashable, Sendable {
    /// The configuration can't work; the text says what to change.
    case configuration(String)
    /// Not connected, the connection was lost before the reply, or the server serves nobody now. A command that was
    /// under way may or may not have been carried out.
    case unavailable(String)
    /// No reply in time. The command may or may not have been carried out.
    case timeout(String)
    /// The server refused the user name and password.
    case authentication(String)
    /// No trusted TLS connection.
    case tls(String)
    /// The server is older than ``RedisVersion/minimum``.
    case unsupportedVersion(found: String)
    /// The server's error reply to this command.
    case server(RedisServerError)
    /// The reply is not of the kind that the command promises.
    case unexpectedReply(String)

    /// A stable code for programs.
    public var code: String {
        switch self {
        case .configuration: "redis_configuration"
        case .unavailable: "redis_unavailable"
        case .timeout: "redis_timeout"
        case .authentication: "redis_authentication"
        case .tls: "redis_tls"
        case .unsupportedVersion: "redis_unsupported_version"
        case .server: "redis_server_error"
        case .unexpectedReply: "redis_unexpected_reply"
        }
    }

    /// Whether waiting can't help and an operator must change something.
    public var isPermanent: Bool {
        switch self {
        case .configuration, .authentication, .tls, .unsupportedVersion: true
        case .unavailable, .timeout, .server, .unexpectedReply: false
        }
    }
}

extension RedisError {
    /// The error of a command that got this reply.
    init(_ error: RedisServerError) {
        self = error.meansUnavailable ? .unavailable(error.message) : .server(error)
    }

    /// The reason without the words that name the case.
    var reason: String {
        switch self {
        case .unavailable(let text), .timeout(let text): text
        default: description
        }
    }
}

extension RedisError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .configuration(let text): "Redis configuration: \(text)"
        case .unavailable(let text): "Redis is unavailable: \(text)"
        case .timeout(let text): "Redis did not answer in time: \(text)"
        case .authentication(let text): "Redis refused to authenticate: \(text)"
        case .tls(let text): "no trusted TLS connection to Redis: \(text)"
        case .unsupportedVersion(let found):
            "Redis \(found) is too old: install Redis \(RedisVersion.minimum) or newer, or change the URL"
        case .server(let error): "Redis replied with an error: \(error.message)"
        case .unexpectedReply(let text): "Redis gave an unexpected reply: \(text)"
        }
    }
}
