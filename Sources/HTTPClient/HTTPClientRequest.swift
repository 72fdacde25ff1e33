/// A request to an `http` or `https` URL.
public struct HTTPClientRequest: Sendable {
    public enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// `length` bytes in pieces: `next` is asked for one when the connection has room, and gives nil at the end.
        case stream(length: Int, next: @Sendable () async throws -> [UInt8]?)

        var length: Int? {
            switch self {
            case .none: nil
            case .bytes(let bytes): bytes.count
            case .stream(let length, _): length
            }
        }
    }

    /// In capitals; `GET` by default.
    public var method: String
    /// Absolute and percent-encoded; sent as it is, dot segments included.
    public var url: String
    /// `Host`, `Content-Length` and `Transfer-Encoding` follow from the rest and are refused here.
    public var headers: HTTPClientHeaders
    public var body: Body
    /// In place of the client's, where this request is special.
    public var idleTimeout: Duration?
    /// The path of a Unix socket to connect to, whatever the URL's host, which only the server hears of.
    public var unixSocket: String?

    public init(
        method: String = "GET", url: String, headers: HTTPClientHeaders = [:], body: Body = .none,
        idleTimeout: Duration? = nil, unixSocket: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.idleTimeout = idleTimeout
        self.unixSocket = unixSocket
    }
}
