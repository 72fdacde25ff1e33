import Platform

/// Serves a router on event loops: one libmicrohttpd daemon a loop, all on the same listening sockets.
public final class HTTPServer: Service {
    public let name = "http"
    private let configuration: HTTPServerConfiguration
    private let sockets: [ListeningSocket]
    private let log: Logger
    private let limiter: ConnectionLimiter
    private let serverLoops: [ServerLoop]

    /// - Parameter sockets: closed by ``stop()``.
    public init(
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(), router: Router,
        sockets: [ListeningSocket],
        loops: [EventLoop], log: Logger
    ) {
        self.configuration = configuration
        self.sockets = sockets
        self.log = log
        let limiter = ConnectionLimiter(
            limit: configuration.maxConnections, perAddress: configuration.maxConnectionsPerAddress)
        self.limiter = limiter
        serverLoops = sockets.flatMap { _ in
            loops.map {
                ServerLoop(
                    loop: $0, router: router, configuration: configuration, limiter: limiter, log: log)
            }
        }
    }

    /// Open connections, of all loops and sockets together.
    public var openConnections: Int { limiter.total }

    /// Starts to take connections.
    public func start() async throws {
        let loopsPerSocket = serverLoops.count / max(sockets.count, 1)
        for (index, server) in serverLoops.enumerated() {
            let ofSameSocket = serverLoops[(index / loopsPerSocket * loopsPerSocket)...].prefix(loopsPerSocket)
            server.others = ofSameSocket.filter { $0 !== server }
        }
        for (index, server) in serverLoops.enumerated() {
            let descriptor = sockets[index / loopsPerSocket].descriptor
            try await server.loop.run { try server.start(listeningOn: descriptor) }
        }
        for socket in sockets { log.info("listening", ["address": "\(socket.address)"]) }
    }

    /// Takes no more connections, lets the requests that run finish, then closes everything.
    ///
    /// Answers given meanwhile end their connections. Idle connections are closed after `drainIdleTimeout`; what is
    /// not finished after `drainTimeout` is answered with 503.
    public func stop() async {
        for server in serverLoops { await server.loop.run { server.beginDraining() } }
        for socket in sockets { socket.close() }
        let began = MonotonicTime.now
        let idleDeadline = began.advanced(by: configuration.drainIdleTimeout)
        let deadline = began.advanced(by: configuration.drainTimeout)
        while limiter.total > 0, MonotonicTime.now < deadline {
            if MonotonicTime.now >= idleDeadline {
                for server in serverLoops { await server.loop.run { server.closeIdleConnections() } }
            }
            guard let loop = serverLoops.first?.loop else { break }
            try? await loop.run { try await loop.sleep(for: .milliseconds(10)) }
        }
        if limiter.total > 0 {
            log.warning("connections cut at shutdown", ["count": "\(limiter.total)"])
        }
        for server in serverLoops { await server.loop.run { server.stop() } }
    }
}
