import CLibpq
import Platform

extension PostgresChannel {
    /// Opens a connection: resolves the host, connects, and refuses a server that is too old.
    ///
    /// - Throws: ``PostgresError``, or `CancellationError`.
    static func open(_ configuration: PostgresConfiguration, loop: EventLoop) async throws -> PostgresChannel {
        let channel = PostgresChannel(configuration: configuration, loop: loop)
        try await channel.connect()
        return channel
    }

    private func connect() async throws {
        loop.preconditionInLoop()
        let started = MonotonicTime.now
        let hosts = try await resolve()
        let left = configuration.connectTimeout - MonotonicTime.now.duration(since: started)
        guard left > .zero else { throw timeoutError }
        try start(configuration.libpqParameters(hosts: hosts))
        let waiter = LoopWaiter<Void>(loop: loop)
        connectWaiter = waiter
        do {
            try await waiter.wait(atMost: left, onTimeout: .failure(timeoutError))
        } catch {
            close(.unavailable("the connection attempt was given up"))
            throw error
        }
    }

    private var timeoutError: PostgresError {
        .unavailable("no connection to \(configuration) within \(configuration.connectTimeout)")
    }

    private func resolve() async throws -> ResolvedHosts? {
        let parameters = configuration.parameters
        return try await HostResolver.resolve(parameters, loop: loop, atMost: configuration.connectTimeout)
    }

    private func start(_ parameters: [(String, String)]) throws {
        handle = withCStrings(parameters) { PQconnectStartParams($0, $1, 0) }
        guard let handle else { throw PostgresError.unavailable("libpq has no memory for a connection") }
        // libpq would print the server's notices to standard error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard PQstatus(handle) != CONNECTION_BAD else {
            let error = connectionError()
            close(error)
            throw error
        }
        try watchWhileConnecting(for: .write)
    }

    private func watchWhileConnecting(for interest: Readiness) throws {
        watched = PQsocket(handle)
        guard watched >= 0 else { throw connectionError("libpq has no socket") }
        try loop.watch(watched, for: interest) { [self] _ in poll() }
    }

    /// One step of libpq's connection state machine. It may close the socket and open another: the watch ends before.
    private func poll() {
        guard state == .connecting, let handle else { return }
        stopWatching()
        let status = PQconnectPoll(handle)
        do {
            switch status {
            case PGRES_POLLING_READING: try watchWhileConnecting(for: .read)
            case PGRES_POLLING_WRITING: try watchWhileConnecting(for: .write)
            case PGRES_POLLING_OK: try connected(handle)
            default: close(connectFailure(handle))
            }
        } catch let error as PostgresError {
            close(error)
        } catch {
            close(.unavailable("\(error)"))
        }
    }

    private func connected(_ handle: OpaquePointer) throws {
        try ServerVersion.check(
            PQserverVersion(handle), name: PQparameterStatus(handle, "server_version").map { String(cString: $0) })
        guard PQsetnonblocking(handle, 1) == 0 else { throw connectionError() }
        watched = PQsocket(handle)
        state = .open
        try loop.watch(watched, for: .read) { [self] in self.handle($0) }
        connectWaiter?.finish(.success(()))
        connectWaiter = nil
    }

    private func connectFailure(_ handle: OpaquePointer) -> PostgresError {
        connectionError("the server refused the connection")
    }
}
