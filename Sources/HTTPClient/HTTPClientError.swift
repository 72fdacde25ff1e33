/// Why an exchange failed. No message carries a query string or credentials, since those may be secret.
public enum HTTPClientError: Error, Hashable, Sendable {
    /// The time limit that was passed.
    public enum Limit: String, Hashable, Sendable {
        /// Name resolution, TCP and TLS together.
        case connect
        /// Nothing was sent or received for so long, although nobody on our side held it back.
        case idle
        /// The whole exchange, to the end of the response's body.
        case total
    }

    /// The request can't be sent as it is: a fault of our own code or of the configuration.
    case invalidRequest(reason: String)
    case dns(host: String)
    case connectFailed(host: String, reason: String)
    /// The handshake failed, or the certificate is not trusted.
    case tls(host: String, reason: String)
    case timeout(Limit, host: String, after: Duration)
    /// The connection broke after it had been made.
    case connectionLost(host: String, reason: String)
    /// The server's answer is no HTTP, or is beyond the limits.
    case invalidResponse(host: String, reason: String)
    case bodyTooLarge(limit: Int)
    /// The request's body gave more or fewer bytes than promised.
    case bodyLengthMismatch(promised: Int, given: Int)
    /// The task that waited was cancelled; the transfer is gone.
    case cancelled
    /// The client was stopped.
    case stopped
    /// libcurl refused an option or a call; `code` is its `CURLcode` or `CURLMcode`.
    case library(call: String, code: Int)
}

extension HTTPClientError {
    /// Stable, for programs.
    public var code: String {
        switch self {
        case .invalidRequest: "http_client.invalid_request"
        case .dns: "http_client.dns"
        case .connectFailed: "http_client.connect_failed"
        case .tls: "http_client.tls"
        case .timeout(let limit, _, _): "http_client.timeout.\(limit.rawValue)"
        case .connectionLost: "http_client.connection_lost"
        case .invalidResponse: "http_client.invalid_response"
        case .bodyTooLarge: "http_client.body_too_large"
        case .bodyLengthMismatch: "http_client.body_length_mismatch"
        case .cancelled: "http_client.cancelled"
        case .stopped: "http_client.stopped"
        case .library: "http_client.library"
        }
    }

    /// Whether the same request may succeed a moment later, as far as the connection is concerned.
    public var isTransient: Bool {
        switch self {
        case .dns, .connectFailed, .timeout, .connectionLost: true
        default: false
        }
    }
}

extension HTTPClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidRequest(let reason): "The request can't be sent: \(reason)"
        case .dns(let host): "The name of \(host) can't be resolved. Check its spelling and the machine's DNS."
        case .connectFailed(let host, let reason):
            "No connection to \(host): \(reason). Check that the service runs there and that no firewall is between."
        case .tls(let host, let reason):
            "No trusted TLS connection to \(host): \(reason). Check its certificate and the certificate authorities here."
        case .timeout(.connect, let host, let limit): "\(host) took no connection within \(limit)."
        case .timeout(.idle, let host, let limit): "\(host) neither sent nor took anything for \(limit)."
        case .timeout(.total, let host, let limit): "The exchange with \(host) did not end within \(limit)."
        case .connectionLost(let host, let reason): "The connection to \(host) broke: \(reason)."
        case .invalidResponse(let host, let reason): "\(host) gave no valid HTTP response: \(reason)."
        case .bodyTooLarge(let limit): "The response's body is larger than the \(limit) bytes allowed here."
        case .bodyLengthMismatch(let promised, let given):
            "The request's body gave \(given) bytes where \(promised) were promised."
        case .cancelled: "The request was cancelled."
        case .stopped: "The HTTP client was stopped."
        case .library(let call, let code): "libcurl refused \(call) with code \(code)."
        }
    }
}
