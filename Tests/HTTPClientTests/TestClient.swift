import HTTPClient
import Platform

/// Runs a test with a client on loops of its own.
func withClient(
    loops count: Int = 1, _ configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
    _ body: (HTTPClient, [EventLoop]) async throws -> Void
) async throws {
    let loops = try (0..<count).map { try EventLoop(name: "test-\($0)") }
    for loop in loops { try loop.start() }
    let client = HTTPClient(loops: loops, configuration: configuration)
    let result: Result<Void, any Error>
    do { result = .success(try await body(client, loops)) } catch { result = .failure(error) }
    await client.stop()
    for loop in loops { loop.stop() }
    try result.get()
}

func withClient(
    _ configuration: HTTPClientConfiguration = HTTPClientConfiguration(), _ body: (HTTPClient) async throws -> Void
) async throws {
    try await withClient(loops: 1, configuration) { client, _ in try await body(client) }
}
