import CLinux
import CMicrohttpd
import Glibc
import Platform

/// One libmicrohttpd daemon on one event loop.
///
/// `@unchecked Sendable`: everything but the constants is used on the loop only.
final class ServerLoop: EventLoopParticipant, @unchecked Sendable {
    let loop: EventLoop
    let router: Router
    let log: Logger
    /// The other loops of the same socket, from before the start until the stop.
    var others: [ServerLoop] = []
    private let configuration: HTTPServerConfiguration
    private let limiter: ConnectionLimiter
    private let nativeLog = UnsafeMutablePointer<lkc_mhd_log>.allocate(capacity: 1)
    private var daemon: OpaquePointer?
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var sweepTimer: LoopTimer?
    private let eventConnections: EventConnections
    private var requestIDs: RequestIDGenerator
    /// Since the log last told of them.
    private var refused = (count: 0, latest: IPAddress?.none)
    private var refusalsToldAt = MonotonicTime.now.advanced(by: .seconds(-3600))
    private(set) var isDraining = false
    var needsTurn = false

    init(
        loop: EventLoop, router: Router, configuration: HTTPServerConfiguration,
        limiter: ConnectionLimiter, log: Logger
    ) {
        self.loop = loop
        self.router = router
        self.configuration = configuration
        self.limiter = limiter
        self.log = log
        eventConnections = EventConnections(
            limiter: limiter, heartbeat: configuration.eventHeartbeat, tick: ServerLoop.sweepInterval)
        requestIDs = RequestIDGenerator()
    }

    private static let sweepInterval = Duration.milliseconds(250)

    deinit { nativeLog.deallocate() }

    var now: MonotonicTime { .now }

    // MARK: Life

    /// Starts on a duplicate of the listening descriptor. Call it on the loop.
    func start(listeningOn descriptor: Int32) throws(SystemError) {
        loop.preconditionInLoop()
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { throw SystemError("fcntl") }
        var settings = lkc_mhd_settings()
        settings.listen_descriptor = duplicate
        settings.connection_limit = UInt32(clamping: configuration.maxConnections)
        settings.idle_timeout_seconds = UInt32(
            clamping: Int64(configuration.keepAliveTimeout.seconds) + 5)
        settings.connection_memory_limit = configuration.memoryPerConnection
        settings.context = Unmanaged.passUnretained(self).toOpaque()
        settings.accept_policy = acceptPolicy
        settings.handler = handleRequest
        settings.target_callback = receiveTarget
        settings.unescape = leaveEscaped
        settings.completed = requestCompleted
        settings.connection_changed = connectionChanged
        nativeLog.pointee = lkc_mhd_log(write: logMessage, context: settings.context)
        settings.log = nativeLog
        errno = 0
        guard let daemon = lkc_mhd_start(&settings) else {
            let error = SystemError("MHD_start_daemon")
            close(duplicate)
            throw error
        }
        self.daemon = daemon
        try loop.watch(lkc_mhd_epoll_descriptor(daemon), for: .read) { [unowned self] _ in
            needsTurn = true
        }
        loop.add(self)
        scheduleSweep()
    }

    /// Takes what waits in the listening socket's queue, then accepts no more. Running requests go on, and their answers end
    /// their connections.
    func beginDraining() {
        loop.preconditionInLoop()
        guard let daemon, !isDraining else { return }
        for _ in 0..<64 { MHD_run(daemon) }
        isDraining = true
        let descriptor = MHD_quiesce_daemon(daemon)
        if descriptor >= 0 { close(descriptor) }
        eventConnections.sayFarewell()
        needsTurn = true
    }

    /// Closes connections that have no request under way.
    func closeIdleConnections() {
        for connection in connections.values where connection.exchange == nil { cut(connection) }
    }

    var openConnections: Int { connections.count }

    /// Gives up on every request that is still running, and stops.
    func stop() {
        loop.preconditionInLoop()
        others = []
        guard let daemon else { return }
        sweepTimer?.cancel()
        for connection in connections.values {
            connection.exchange?.giveUp()
            cut(connection)
        }
        eventConnections.endAll()
        for _ in 0..<8 { MHD_run(daemon) }
        loop.unwatch(lkc_mhd_epoll_descriptor(daemon))
        loop.remove(self)
        self.daemon = nil
        MHD_stop_daemon(daemon)
    }

    // MARK: Turns

    var maximumWait: Int32? {
        var milliseconds: UInt64 = 0
        guard let daemon, MHD_get_timeout(daemon, &milliseconds) == .YES else { return nil }
        // Zero means that work waits which no descriptor tells of.
        if milliseconds == 0 { needsTurn = true }
        return Int32(clamping: milliseconds)
    }

    func endOfTurn() {
        guard needsTurn, let daemon else { return }
        needsTurn = false
        MHD_run(daemon)
    }

    private func scheduleSweep() {
        sweepTimer = loop.schedule(after: ServerLoop.sweepInterval) { [unowned self] in
            sweep()
            scheduleSweep()
        }
    }

    /// Cuts off what has passed its time limit, and lets libmicrohttpd look after its own.
    private func sweep() {
        needsTurn = true
        let now = now
        tellOfRefusals(now)
        eventConnections.tick(now: now)
        for connection in connections.values where connection.deadline < now {
            connection.deadline = now.advanced(by: .seconds(5))
            if let exchange = connection.exchange { exchange.timeLimitPassed() } else { cut(connection) }
        }
    }

    /// At once, then every ten seconds: whoever floods the server must not flood its log.
    private func tellOfRefusals(_ now: MonotonicTime) {
        guard refused.count > 0, now >= refusalsToldAt.advanced(by: .seconds(10)) else { return }
        log.warning(
            "connections refused: too many are open",
            ["count": "\(refused.count)", "client_address": refused.latest?.description ?? "unix"])
        refused.count = 0
        refusalsToldAt = now
    }

    /// Ends a connection from outside: libmicrohttpd sees the end of the stream and closes it.
    func cut(_ connection: Connection) {
        shutdown(connection.descriptor, Int32(SHUT_RDWR))
        needsTurn = true
    }

    // MARK: Connections

    fileprivate func opened(_ native: OpaquePointer) -> Connection {
        let peer = lkc_mhd_client_address(native).flatMap { IPAddress($0) }
        let connection = Connection(
            native: native, descriptor: lkc_mhd_descriptor(native), peer: peer,
            isTrusted: configuration.trustedProxies.trusts(peer),
            deadline: now.advanced(by: configuration.headTimeout))
        connections[ObjectIdentifier(connection)] = connection
        limiter.opened(connection.countsForAddress ? peer : nil)
        return connection
    }

    fileprivate func closed(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        limiter.closed(connection.countsForAddress ? connection.peer : nil)
    }

    fileprivate func admits(_ address: UnsafePointer<sockaddr>?) -> Bool {
        let peer = address.flatMap { IPAddress($0) }
        let counts = peer != nil && !configuration.trustedProxies.trusts(peer)
        guard limiter.admits(counts ? peer : nil) else {
            refused.count += 1
            refused.latest = peer
            return false
        }
        return true
    }

    fileprivate func exchangeEnded(_ exchange: Exchange, on connection: Connection) {
        exchange.ended()
        connection.exchange = nil
        connection.deadline = now.advanced(by: configuration.keepAliveTimeout)
    }

    // MARK: For exchanges

    func sendDeadline(length: Int) -> MonotonicTime {
        now.advanced(by: configuration.sendTimeout + .seconds(length / 65_536))
    }

    /// A stream may be silent for long; its source decides.
    var streamDeadline: MonotonicTime { now.advanced(by: .seconds(3600)) }

    /// The header fields, or nil when the head holds a NUL character, behind which libmicrohttpd may have cut it.
    ///
    /// - Parameters:
    ///   - method: where the head begins.
    ///   - version: the end of its first line.
    func headers(
        of native: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
    ) -> HTTPHeaders? {
        let versionLength = strlen(version)
        var collector = HeaderCollector(
            firstLineEnd: versionLength > 0 ? UnsafeRawPointer(version) + Int(versionLength) : nil)
        withUnsafeMutablePointer(to: &collector) { pointer in
            _ = MHD_get_connection_values_n(native, .HEADER_KIND, collectHeader, pointer)
        }
        let end = UnsafeRawPointer(method) + lkc_mhd_head_size(native)
        return collector.isTruncated(before: end) ? nil : collector.headers
    }

    func clientAddress(of connection: Connection, _ headers: HTTPHeaders) -> String {
        guard connection.isTrusted else { return connection.peerText }
        return configuration.trustedProxies.clientAddress(
            peer: connection.peer, forwardedFor: headers.values("X-Forwarded-For"))
    }

    func requestID(of connection: Connection, _ headers: HTTPHeaders) -> String {
        if connection.isTrusted, let given = headers["X-Request-Id"],
            RequestIDGenerator.isWellFormed(given)
        {
            return given
        }
        return requestIDs.next()
    }

    /// Takes a connection from libmicrohttpd, which must let go of it next, and has its answer written from here on.
    ///
    /// - Returns: false when the head can't be sent or no descriptor is left.
    func open(_ stream: EventStream, of response: HTTPResponse, on connection: Connection) -> Bool {
        guard let head = EventStreamHead.bytes(of: response, at: time(nil)) else { return false }
        let descriptor = fcntl(connection.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
            log.warning("an event stream could not be opened", ["cause": "\(SystemError("fcntl"))"])
            return false
        }
        let peer = connection.countsForAddress ? connection.peer : nil
        limiter.opened(peer)
        let home = others.first { $0.loop === stream.loop } ?? self
        if home === self {
            take(stream, head: head, descriptor: descriptor, peer: peer)
        } else {
            home.loop.execute { home.take(stream, head: head, descriptor: descriptor, peer: peer) }
        }
        return true
    }

    private func take(_ stream: EventStream, head: [UInt8], descriptor: Int32, peer: IPAddress?) {
        guard daemon != nil else {
            close(descriptor)
            return refused(stream, of: peer)
        }
        do {
            try eventConnections.open(stream, head: head, descriptor: descriptor, peer: peer, on: loop)
        } catch {
            log.warning("an event stream could not be opened", ["cause": "\(error)"])
            return refused(stream, of: peer)
        }
        if isDraining { eventConnections.sayFarewell() }
    }

    private func refused(_ stream: EventStream, of peer: IPAddress?) {
        limiter.closed(peer)
        stream.end(EventStreamEnd(reason: .neverOpened, events: 0, bytes: 0))
    }

    /// The answer of an error that came before routing.
    func render(_ problem: HTTPProblem, _ head: RequestHead?) -> HTTPResponse {
        let request = HTTPRequest(
            method: HTTPMethod(rawValue: head?.method ?? ""), path: "", clientAddress: "",
            id: requestIDs.next())
        return router.problemRenderer(problem, request)
    }
}

// MARK: Functions that libmicrohttpd calls, on the loop's thread, out of MHD_run

private func serverLoop(_ context: UnsafeMutableRawPointer?) -> ServerLoop? {
    context.map { Unmanaged<ServerLoop>.fromOpaque($0).takeUnretainedValue() }
}

private func openConnection(_ native: OpaquePointer?) -> Connection? {
    guard let native, let context = lkc_mhd_socket_context(native) else { return nil }
    return Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
}

private func acceptPolicy(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
) -> MHD_Result {
    serverLoop(context)?.admits(address) == true ? .YES : .NO
}

private func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ native: OpaquePointer?,
    _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ change: MHD_ConnectionNotificationCode
) {
    guard let server = serverLoop(context), let native, let socketContext else { return }
    if lkc_mhd_is_new_connection(change) != 0 {
        socketContext.pointee = Unmanaged.passRetained(server.opened(native)).toOpaque()
    } else if let pointer = socketContext.pointee {
        server.closed(Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue())
        socketContext.pointee = nil
    }
}

private func receiveTarget(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ native: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let server = serverLoop(context), let connection = openConnection(native), let target else {
        return nil
    }
    let exchange = Exchange(server: server, connection: connection, target: target)
    connection.exchange = exchange
    return Unmanaged.passRetained(exchange).toOpaque()
}

/// The path is decoded after it was split into segments, and by our own rules.
private func leaveEscaped(
    _ context: UnsafeMutableRawPointer?, _ native: OpaquePointer?,
    _ text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

private func handleRequest(
    _ context: UnsafeMutableRawPointer?, _ native: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?,
    _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let pointer = requestContext?.pointee, let uploadSize, let method, let version else {
        return .NO
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if exchange.awaitsHead {
        return exchange.receivedHead(method: method, version: version)
    }
    guard uploadSize.pointee > 0 else { return exchange.receivedAll() }
    let (result, taken) = exchange.receivedBody(
        UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee))
    uploadSize.pointee -= taken
    return result
}

private func requestCompleted(
    _ context: UnsafeMutableRawPointer?, _ native: OpaquePointer?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ code: MHD_RequestTerminationCode
) {
    guard let server = serverLoop(context), let pointer = requestContext?.pointee else { return }
    requestContext?.pointee = nil
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
    guard let connection = openConnection(native) else { return exchange.ended() }
    server.exchangeEnded(exchange, on: connection)
}

private func collectHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
    _ nameSize: Int,
    _ value: UnsafePointer<CChar>?, _ valueSize: Int
) -> MHD_Result {
    guard let collector = context?.assumingMemoryBound(to: HeaderCollector.self), let name, let value
    else { return .NO }
    collector.pointee.add(
        name: UnsafeRawBufferPointer(start: name, count: nameSize),
        value: UnsafeRawBufferPointer(start: value, count: valueSize))
    return .YES
}

private func logMessage(_ context: UnsafeMutableRawPointer?, _ line: UnsafePointer<CChar>?) {
    guard let server = serverLoop(context), let line else { return }
    let text = String(cString: line).filter { $0 != "\n" }
    server.log.debug("message of libmicrohttpd", ["detail": text])
}
