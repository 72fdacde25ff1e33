/// What all requests of a client share. Limits count for each event loop.
public struct HTTPClientConfiguration: Sendable {
    /// The longest time for name resolution, TCP and TLS together.
    public var connectTimeout: Duration = .seconds(10)
    /// The longest time without a byte in either direction, while nobody on our side holds the transfer back.
    public var idleTimeout: Duration = .seconds(30)
    /// Open connections in all; further requests wait for one, within their own time limit.
    public var maximumConnections = 64
    /// Open connections to one host and port.
    public var maximumConnectionsPerHost = 16
    /// Bytes of a response's body that are held for a reader before the server is made to wait.
    public var bodyBufferSize = 256 * 1024
    /// A file with trusted certificate authorities in PEM, in place of the system's.
    public var certificateAuthorityFile: String?
    public var userAgent = "livekit-conference"

    public init() {}
}
