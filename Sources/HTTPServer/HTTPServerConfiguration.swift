/// The limits of an HTTP server.
public struct HTTPServerConfiguration: Sendable {
    /// Open connections, all loops together.
    public var maxConnections = 4096
    /// Open connections of one client address; trusted proxies are exempt.
    public var maxConnectionsPerAddress = 256
    /// From the connection's start to the end of the first request's head.
    public var headTimeout: Duration = .seconds(10)
    /// From the end of one answer to the end of the next request's head.
    public var keepAliveTimeout: Duration = .seconds(75)
    /// For a client to take an answer, plus one second for each 64 KiB.
    public var sendTimeout: Duration = .seconds(30)
    /// Memory of one connection for the request's head and buffers, in bytes; a longer head is refused.
    public var memoryPerConnection = 32 * 1024
    /// How long idle connections may stay when the server stops, so that a request on its way is still answered.
    public var drainIdleTimeout: Duration = .seconds(1)
    /// How long requests may run on when the server stops.
    public var drainTimeout: Duration = .seconds(25)
    /// Between two signs of life on an event stream; a client that takes nothing for that long is dropped.
    public var eventHeartbeat: Duration = .seconds(15)
    public var trustedProxies = TrustedProxies()

    public init() {}
}
