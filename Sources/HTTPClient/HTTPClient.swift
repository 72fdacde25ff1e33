import Platform

/// An HTTP/1.1 client for other services, on libcurl: one instance a loop, each with its own kept connections.
///
/// Certificates are verified, redirects are answers like any other, environment variables name no proxy.
public struct HTTPClient: Sendable {
    private let clients: [LoopHTTPClient]

    /// - Parameter loops: the loops to work on, at least one.
    public init(loops: [EventLoop], configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        precondition(!loops.isEmpty, "an HTTP client needs an event loop")
        clients = loops.map { LoopHTTPClient(loop: $0, configuration: configuration) }
    }

    /// Sends a request and waits for the head of the response.
    ///
    /// Called on one of the client's loops it stays there, from elsewhere it works on the first. Cancelling the task
    /// aborts the transfer at once.
    ///
    /// - Parameter timeout: limits the whole exchange, the reading of the response's body included.
    /// - Throws: ``HTTPClientError``, or what the request's own body source threw.
    public func execute(
        _ request: HTTPClientRequest, timeout: Duration = .seconds(30)
    ) async throws -> HTTPClientResponse {
        if let current = EventLoop.current, let client = clients.first(where: { $0.loop === current }) {
            return try await client.execute(request, timeout: timeout)
        }
        let client = clients[0]
        return try await client.loop.run { try await client.execute(request, timeout: timeout) }
    }

    /// Aborts what is running and closes every connection.
    public func stop() async {
        for client in clients { await client.loop.run { client.stop() } }
    }
}
