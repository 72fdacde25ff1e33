import CLinux
import Glibc
import Platform
import Testing

@testable import HTTPServer

@Suite("HTTP server")
struct ServerBehaviourTests {
    @Test("cuts off a client that does not finish its head in time")
    func slowHead() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.headTimeout = .milliseconds(100)
        try await TestServer.with(configuration) { server in
            let client = RawClient(port: server.port)
            client.send("GET /hello HTTP/1.1\r\nHost: lo")
            #expect(client.readToEnd() == "")
        }
    }

    @Test("cuts off an idle kept connection in time")
    func idleConnection() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.keepAliveTimeout = .milliseconds(100)
        try await TestServer.with(configuration) { server in
            let client = RawClient(port: server.port)
            client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: client.readToEnd()) == [200])
        }
    }

    @Test("answers 503 and closes when a body does not come in time")
    func slowBody() async throws {
        try await TestServer.with(adding: { router in
            router.add(.post, "/slow", options: Router.Options(timeout: .milliseconds(100))) { request in
                HTTPResponse(.ok, contentType: "text/plain", bytes: try await request.body.collect())
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
            let received = client.readToEnd()
            #expect(received == "" || statusCodes(in: received) == [503])
        }
    }

    @Test("answers 503 when a handler takes too long, and cancels it")
    func slowHandler() async throws {
        let cancelled = Lock(false)
        try await TestServer.with(adding: { router in
            router.add(.get, "/slow", options: Router.Options(timeout: .milliseconds(100))) { _ in
                do {
                    try await Task.sleep(for: .seconds(60))
                } catch {
                    cancelled.withLock { $0 = true }
                }
                return HTTPResponse(.ok)
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: client.readAnswer()) == [503])
        }
        #expect(cancelled.withLock { $0 })
    }

    @Test("shows middleware the 503 of a handler that took too long")
    func slowHandlerIsSeen() async throws {
        struct Witness: Middleware {
            let seen: Lock<[Int]>
            func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
                let response = try await next(request)
                seen.withLock { $0.append(response.status.rawValue) }
                return response
            }
        }
        let seen = Lock<[Int]>([])
        try await TestServer.with(adding: { router in
            router.use(Witness(seen: seen))
            router.add(.get, "/slow", options: Router.Options(timeout: .milliseconds(100))) { _ in
                try await Task.sleep(for: .seconds(60))
                return HTTPResponse(.ok)
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let answer = client.readAnswer()
            #expect(statusCodes(in: answer) == [503])
            #expect(answer.contains("X-Problem: timeout"))
        }
        #expect(seen.withLock { $0 } == [503])
    }

    @Test("answers 503 for a handler that does not end although it was cancelled")
    func stubbornHandler() async throws {
        let release = Lock<CheckedContinuation<Void, Never>?>(nil)
        try await TestServer.with(adding: { router in
            router.add(.get, "/stubborn", options: Router.Options(timeout: .milliseconds(100))) { _ in
                await withCheckedContinuation { continuation in release.withLock { $0 = continuation } }
                return HTTPResponse(.ok)
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /stubborn HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: client.readAnswer()) == [503])
            release.withLock { $0 }?.resume()
        }
    }

    @Test("cuts off a client that does not read its answer")
    func slowReader() async throws {
        let started = Lock(false)
        var configuration = HTTPServerConfiguration()
        configuration.sendTimeout = .milliseconds(50)
        try await TestServer.with(
            configuration,
            adding: { router in
                router.add(.get, "/endless") { _ in
                    started.withLock { $0 = true }
                    return HTTPResponse(
                        .ok, body: .stream(length: nil, next: { [UInt8](repeating: 120, count: 65_536) }))
                }
            }
        ) { server in
            let client = RawClient(port: server.port, receiveBuffer: 4096)
            client.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while !started.withLock({ $0 }) { await Task.yield() }
            while server.server.openConnections > 0 { await Task.yield() }
            #expect(server.server.openConnections == 0)
        }
    }

    @Test("asks for the body with 100 Continue")
    func expectContinue() async throws {
        try await TestServer.with { server in
            let client = RawClient(port: server.port)
            client.send(
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            )
            #expect(client.readAnswer().hasPrefix("HTTP/1.1 100 Continue"))
            client.send("abc")
            #expect(client.readAnswer().hasSuffix("abc"))
        }
    }

    @Test("refuses a body that is too large without asking for it")
    func expectContinueRefused() async throws {
        try await TestServer.with { server in
            let client = RawClient(port: server.port)
            client.send(
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"
            )
            #expect(statusCodes(in: client.readToEnd()) == [413])
        }
    }

    @Test("lets a client that is still sending read the refusal", arguments: [true, false])
    func refusalWhileSending(chunked: Bool) async throws {
        try await TestServer.with { server in
            let client = RawClient(port: server.port)
            let size = 4 * 1024 * 1024
            let framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
            client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n\(framing)\r\n\r\n")
            if chunked { client.send(String(size, radix: 16) + "\r\n") }
            #expect(client.send([UInt8](repeating: 97, count: size)))
            #expect(statusCodes(in: client.readToEnd()) == [413])
        }
    }

    @Test("holds a client back while nobody reads its body")
    func backPressure() async throws {
        let size = 8 * 1024 * 1024
        try await TestServer.with(adding: { router in
            router.add(.post, "/count", options: Router.Options(bodyLimit: size)) { request in
                var count = 0
                var largest = 0
                while let piece = try await request.body.read() {
                    count += piece.count
                    largest = max(largest, piece.count)
                    await Task.yield()
                }
                return HTTPResponse(
                    .ok, contentType: "text/plain", bytes: Array("\(count) \(largest < 200_000)".utf8))
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(size)\r\n\r\n")
            #expect(client.send([UInt8](repeating: 97, count: size)))
            #expect(client.readAnswer().hasSuffix("\(size) true"))
        }
    }

    @Test("streams an answer of unknown length in chunks")
    func streamedAnswer() async throws {
        try await TestServer.with(adding: { router in
            router.add(.get, "/stream") { _ in
                let pieces = Lock(["one", "two", "three"])
                return HTTPResponse(
                    .ok,
                    body: .stream(
                        length: nil,
                        next: {
                            await Task.yield()
                            return pieces.withLock { $0.isEmpty ? nil : Array($0.removeFirst().utf8) }
                        }))
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let received = client.readToEnd()
            for piece in ["chunked", "one", "two", "three"] { #expect(received.range(of: piece) != nil) }
            #expect(received.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("breaks a streamed answer off when its source fails")
    func brokenStream() async throws {
        try await TestServer.with(adding: { router in
            router.add(.get, "/stream") { _ in
                HTTPResponse(.ok, body: .stream(length: nil, next: { throw SystemError("test", code: 5) }))
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(!client.readToEnd().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("limits the connections of one address")
    func connectionsPerAddress() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.maxConnectionsPerAddress = 2
        try await TestServer.with(configuration) { server in
            let clients = (0..<2).map { _ in RawClient(port: server.port) }
            for client in clients {
                client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(statusCodes(in: client.readAnswer()) == [200])
            }
            let refused = RawClient(port: server.port)
            refused.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(refused.readToEnd() == "")
            clients[0].send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: clients[0].readAnswer()) == [200])
        }
    }

    @Test("tells once of many connections that it refused")
    func refusalsInTheLog() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.maxConnectionsPerAddress = 1
        let entries = AsyncStream<LogEntry>.makeStream()
        try await TestServer.with(configuration, sink: Forwarding(to: entries.continuation)) { server in
            let client = RawClient(port: server.port)
            client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: client.readAnswer()) == [200])
            for _ in 0..<10 { #expect(RawClient(port: server.port).readToEnd() == "") }
            for await entry in entries.stream where Self.tellsOfRefusals(entry) {
                #expect(entry.fields["client_address"] == "127.0.0.1")
                break
            }
        }
        entries.continuation.finish()
        for await entry in entries.stream { #expect(!Self.tellsOfRefusals(entry)) }
    }

    private static func tellsOfRefusals(_ entry: LogEntry) -> Bool {
        "\(entry.message)" == "connections refused: too many are open"
    }

    @Test("believes X-Forwarded-For and X-Request-Id of a trusted proxy only")
    func forwardedFor() async throws {
        let request =
            "GET /address HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n"
            + "X-Request-Id: from-outside\r\nConnection: close\r\n\r\n"
        try await TestServer.with { server in
            let client = RawClient(port: server.port)
            client.send(request)
            let answer = client.readToEnd()
            #expect(answer.range(of: "127.0.0.1 ") != nil)
            #expect(answer.range(of: "from-outside") == nil)
        }
        var configuration = HTTPServerConfiguration()
        configuration.trustedProxies = try #require(TrustedProxies(["127.0.0.0/8"]))
        try await TestServer.with(configuration) { server in
            let client = RawClient(port: server.port)
            client.send(request)
            #expect(client.readToEnd().hasSuffix("203.0.113.9 from-outside"))
        }
    }

    @Test("finishes the requests that run when it stops, and takes no more")
    func draining() async throws {
        let started = Lock(0)
        let release = Lock(false)
        let loop = try EventLoop(name: "drain")
        try loop.start()
        let socket = try ListeningSocket(.tcp(host: "127.0.0.1", port: 0))
        guard case .tcp(_, let port) = socket.address else { return }
        var router = Router()
        router.add(.get, "/wait") { _ in
            started.withLock { $0 += 1 }
            while !release.withLock({ $0 }) { try await loop.sleep(for: .milliseconds(5)) }
            return HTTPResponse(.ok, contentType: "text/plain", bytes: Array("done".utf8))
        }
        var configuration = HTTPServerConfiguration()
        configuration.drainIdleTimeout = .milliseconds(50)
        let server = HTTPServer(
            configuration: configuration, router: router, sockets: [socket], loops: [loop],
            log: Logger(component: "test", sink: NoSink()))
        try await server.start()
        let clients = (0..<20).map { _ in RawClient(port: port) }
        for client in clients { client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n") }
        while started.withLock({ $0 }) < 20 { await Task.yield() }
        async let stopped: Void = server.stop()
        while !isRefused(port) { await Task.yield() }
        release.withLock { $0 = true }
        for client in clients {
            let answer = client.readToEnd()
            #expect(statusCodes(in: answer) == [200])
            #expect(answer.range(of: "Connection: close") != nil)
        }
        await stopped
        loop.stop()
    }

    @Test("listens on a Unix socket and removes its path")
    func unixSocket() async throws {
        let path = "/tmp/livekit-conference-test-\(getpid()).sock"
        let loop = try EventLoop(name: "unix")
        try loop.start()
        let socket = try ListeningSocket(.unix(path: path))
        var router = Router()
        router.addFixed("/", response: HTTPResponse(.ok))
        let server = HTTPServer(
            router: router, sockets: [socket], loops: [loop],
            log: Logger(component: "test", sink: NoSink()))
        try await server.start()
        #expect(access(path, F_OK) == 0)
        #expect(throws: SystemError.self) { try ListeningSocket(.unix(path: path)) }
        await server.stop()
        loop.stop()
        #expect(access(path, F_OK) != 0)
    }

    private func isRefused(_ port: UInt16) -> Bool {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0 && errno == ECONNREFUSED
            }
        }
    }
}

private struct Forwarding: LogSink {
    private let entries: AsyncStream<LogEntry>.Continuation

    init(to entries: AsyncStream<LogEntry>.Continuation) { self.entries = entries }

    func write(_ entry: LogEntry) { entries.yield(entry) }
}
