import Platform
import Synchronization

@testable import HTTPServer

/// A server with a few routes on a port of its own.
struct TestServer {
    let loop: EventLoop
    let server: HTTPServer
    let port: UInt16

    /// Waits until that many connections are open: a stream is counted twice while libmicrohttpd hands it over. A count
    /// that never comes runs into the suite's time limit.
    func untilOpenConnections(are count: Int) async {
        while server.openConnections != count { await Task.yield() }
    }

    /// - Parameter others: loops of the server beside its first one; they run.
    static func with(
        _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        besides others: [EventLoop] = [], sink: any LogSink = NoSink(),
        adding routes: (inout Router) -> Void = { _ in },
        _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let socket = try ListeningSocket(.tcp(host: "127.0.0.1", port: 0))
        guard case .tcp(_, let port) = socket.address else { preconditionFailure("no port") }
        var router = standardRouter()
        routes(&router)
        var configuration = configuration
        configuration.drainIdleTimeout = .milliseconds(20)
        let server = HTTPServer(
            configuration: configuration, router: router, sockets: [socket], loops: [loop] + others,
            log: Logger(component: "test", sink: sink))
        try await server.start()
        let running = TestServer(loop: loop, server: server, port: port)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(running))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        loop.stop()
        try result.get()
    }

    private static func standardRouter() -> Router {
        var router = Router(problemRenderer: { problem, _ in
            var response = HTTPResponse(
                problem.status, contentType: "text/plain", bytes: Array(problem.code.utf8),
                headers: problem.headers)
            response.headers["X-Problem"] = problem.code
            return response
        })
        router.addFixed(
            "/fixed", response: HTTPResponse(.ok, contentType: "text/plain", bytes: Array("fixed".utf8)))
        router.add(.get, "/hello") { _ in
            HTTPResponse(.ok, contentType: "text/plain", bytes: Array("hello".utf8))
        }
        router.add(.get, "/items/{id}") { request in
            HTTPResponse(
                .ok, contentType: "text/plain", bytes: Array((request.parameters["id"] ?? "").utf8))
        }
        router.add(.get, "/query") { request in
            HTTPResponse(
                .ok, contentType: "text/plain", bytes: Array((request.query["q"] ?? "none").utf8))
        }
        router.add(.get, "/address") { request in
            HTTPResponse(
                .ok, contentType: "text/plain", bytes: Array("\(request.clientAddress) \(request.id)".utf8))
        }
        router.add(.post, "/echo", options: Router.Options(bodyLimit: 1000)) { request in
            HTTPResponse(.ok, contentType: "text/plain", bytes: try await request.body.collect())
        }
        router.add(.post, "/early", options: Router.Options(bodyLimit: 1 << 20)) { _ in
            HTTPResponse(.forbidden, contentType: "text/plain", bytes: Array("early".utf8))
        }
        router.add(.get, "/tagged") { _ in
            HTTPResponse(
                .ok, contentType: "text/plain", bytes: Array("tagged".utf8), headers: ["ETag": "\"v1\""])
        }
        router.add(.get, "/injected") { _ in HTTPResponse(.ok, headers: ["X-Bad": "a\r\nX-Evil: b"]) }
        router.add(.get, "/broken") { _ in throw SystemError("test", code: 5) }
        return router
    }
}

struct NoSink: LogSink {
    func write(_ entry: LogEntry) {}
}
