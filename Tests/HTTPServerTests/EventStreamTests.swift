import CLinux
import Glibc
import Platform
import Testing

@testable import HTTPServer

@Suite("Event streams", .timeLimit(.minutes(1)))
struct EventStreamTests {
    @Test("writes the head, then each event at once, then the end")
    func wholeLife() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            let client = RawClient(port: server.port)
            client.send(Streams.request)
            let connection = await streams.opened()
            let head = client.read(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            for line in ["Content-Type: text/event-stream\r\n", "Connection: close\r\n", "Date: "] {
                #expect(head.range(of: line) != nil)
            }
            #expect(head.lowercased().range(of: "content-length") == nil)
            await server.write("data: one\n\n", to: connection)
            #expect(client.read(until: "\n\n") == "data: one\n\n")
            await server.loop.run { connection.finish(Array("data: last\n\n".utf8)) }
            #expect(client.readToEnd() == "data: last\n\n")
            let end = await streams.ended()
            #expect(end.reason == .finished)
            #expect(end.events == 2)
            await server.untilOpenConnections(are: 0)
        }
    }

    @Test("notices at once that a listener left")
    func leaving() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            do {
                let client = RawClient(port: server.port)
                client.send(Streams.request)
                _ = await streams.opened()
                await server.untilOpenConnections(are: 1)
            }
            #expect(await streams.ended().reason == .clientLeft)
            await server.untilOpenConnections(are: 0)
        }
    }

    @Test("drops a reader that is too slow, and others get every event")
    func slowReader() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            let slow = RawClient(port: server.port, receiveBuffer: 4096)
            slow.send(Streams.request)
            let slowConnection = await streams.opened()
            let quick = RawClient(port: server.port)
            quick.send(Streams.request)
            let quickConnection = await streams.opened()
            _ = quick.read(until: "\r\n\r\n")
            let event = "data: " + String(repeating: "x", count: 1000) + "\n\n"
            for _ in 0..<400 {
                await server.loop.run {
                    slowConnection.write(Array(event.utf8))
                    quickConnection.write(Array(event.utf8))
                }
                #expect(quick.read(until: "\n\n") == event)
            }
            #expect(await streams.ended().reason == .tooSlow)
            await server.untilOpenConnections(are: 1)
        }
    }

    @Test("finishes what a slow reader still takes, in order")
    func backlog() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            let client = RawClient(port: server.port, receiveBuffer: 4096)
            client.send(Streams.request)
            let connection = await streams.opened()
            let events = (0..<100).map { "data: \($0) " + String(repeating: "x", count: 1000) + "\n\n" }
            await server.loop.run {
                for event in events { connection.write(Array(event.utf8)) }
                connection.finish()
                connection.write(Array("too late".utf8))
            }
            _ = client.read(until: "\r\n\r\n")
            #expect(client.readToEnd() == events.joined())
            #expect(await streams.ended().reason == .finished)
        }
    }

    @Test("gives signs of life, and drops a client that takes nothing")
    func heartbeat() async throws {
        let streams = Streams()
        var configuration = HTTPServerConfiguration()
        configuration.eventHeartbeat = .milliseconds(250)
        try await TestServer.with(configuration, adding: { streams.add(to: &$0) }) { server in
            let client = RawClient(port: server.port)
            client.send(Streams.request)
            _ = await streams.opened()
            _ = client.read(until: "\r\n\r\n")
            #expect(client.read(until: "\n\n") == ":\n\n")
            let stuck = RawClient(port: server.port, receiveBuffer: 4096)
            stuck.send(Streams.request)
            let connection = await streams.opened()
            for size in [60_000, 30_000] { await server.write(String(repeating: "x", count: size), to: connection) }
            #expect(await streams.ended().reason == .tooSlow)
            await server.untilOpenConnections(are: 1)
        }
    }

    @Test("ends with a farewell when its longest life is over")
    func longestLife() async throws {
        let streams = Streams(longestLife: .zero)
        var configuration = HTTPServerConfiguration()
        configuration.eventHeartbeat = .milliseconds(250)
        try await TestServer.with(configuration, adding: { streams.add(to: &$0) }) { server in
            let client = RawClient(port: server.port)
            client.send(Streams.request)
            #expect(client.readToEnd().hasSuffix("\r\n\r\nevent: end\n\n"))
            #expect(await streams.ended().reason == .expired)
        }
    }

    @Test("says farewell to all when the server stops")
    func draining() async throws {
        let streams = Streams()
        let kept = Kept()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            for _ in 0..<20 {
                let client = RawClient(port: server.port)
                client.send(Streams.request)
                _ = await streams.opened()
                kept.clients.append(client)
            }
        }
        for client in kept.clients { #expect(client.readToEnd().hasSuffix("event: end\n\n")) }
        for _ in 0..<20 { #expect(await streams.ended().reason == .serverStopped) }
    }

    @Test("writes a stream on the loop it is for, whichever has the connection")
    func chosenLoop() async throws {
        let other = try EventLoop(name: "other")
        try other.start()
        defer { other.stop() }
        let kept = Kept()
        let streams = Streams(on: other)
        try await TestServer.with(besides: [other], adding: { streams.add(to: &$0) }) { server in
            for _ in 0..<20 {
                let client = RawClient(port: server.port)
                client.send(Streams.request)
                let connection = await streams.opened()
                #expect(connection.loop === other)
                _ = client.read(until: "\r\n\r\n")
                await other.run { connection.write(Array("data: one\n\n".utf8)) }
                #expect(client.read(until: "\n\n") == "data: one\n\n")
                kept.clients.append(client)
            }
            await server.untilOpenConnections(are: 20)
            kept.clients.removeLast(10)
            for _ in 0..<10 { #expect(await streams.ended().reason == .clientLeft) }
            await server.untilOpenConnections(are: 10)
        }
        for client in kept.clients { #expect(client.readToEnd() == "event: end\n\n") }
        for _ in 0..<10 { #expect(await streams.ended().reason == .serverStopped) }
    }

    @Test("opens nothing for HEAD")
    func head() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            let client = RawClient(port: server.port)
            client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let answer = client.readToEnd()
            #expect(statusCodes(in: answer) == [200])
            #expect(answer.hasSuffix("\r\n\r\n"))
            #expect(await streams.ended().reason == .neverOpened)
        }
    }

    @Test("ends a stream whose client left before the answer")
    func leftBefore() async throws {
        let streams = Streams()
        let release = AsyncStream<Void>.makeStream()
        try await TestServer.with(adding: { router in
            router.add(.get, "/late") { _ in
                for await _ in release.stream {}
                return streams.response()
            }
        }) { server in
            do {
                let client = RawClient(port: server.port)
                client.send("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n")
                while server.server.openConnections == 0 { await Task.yield() }
            }
            release.continuation.finish()
            let end = await streams.ended()
            #expect([.neverOpened, .clientLeft].contains(end.reason))
        }
    }

    @Test("counts streams as connections of their address, and frees the place")
    func limits() async throws {
        let streams = Streams()
        var configuration = HTTPServerConfiguration()
        configuration.maxConnectionsPerAddress = 2
        try await TestServer.with(configuration, adding: { streams.add(to: &$0) }) { server in
            let first = RawClient(port: server.port)
            first.send(Streams.request)
            let connection = await streams.opened()
            let second = RawClient(port: server.port)
            second.send(Streams.request)
            _ = await streams.opened()
            #expect(RawClient(port: server.port).readToEnd() == "")
            await server.loop.run { connection.finish() }
            _ = first.readToEnd()
            let third = RawClient(port: server.port)
            third.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: third.readAnswer()) == [200])
        }
    }

    @Test("leaves libmicrohttpd nothing of a connection that was taken from it")
    func takenOver() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { streams.add(to: &$0) }) { server in
            for _ in 0..<200 {
                let client = RawClient(port: server.port)
                // What follows the request is nobody's any more.
                client.send(Streams.request + Streams.request)
                let connection = await streams.opened()
                client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let other = RawClient(port: server.port)
                other.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                #expect(statusCodes(in: other.readToEnd()) == [200])
                await server.write("data: one\n\n", to: connection)
                #expect(client.read(until: "data: one\n\n").range(of: "hello") == nil)
            }
        }
    }

    @Test("refuses a head that can't be sent")
    func badHead() async throws {
        let streams = Streams()
        try await TestServer.with(adding: { router in
            router.add(.get, "/bad") { _ in
                var response = streams.response()
                response.headers["X-Bad"] = "a\r\nb"
                return response
            }
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /bad HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(statusCodes(in: client.readToEnd()) == [500])
            #expect(await streams.ended().reason == .neverOpened)
        }
    }

    @Test(
        "formats dates",
        arguments: [(0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT")])
    func dates(time: Int, expected: String) {
        #expect(EventStreamHead.date(time) == expected)
    }
}

/// A route with event streams, and what becomes of them.
private final class Streams: Sendable {
    static let request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private let openings = AsyncStream<EventConnection>.makeStream()
    private let ends = AsyncStream<EventStreamEnd>.makeStream()
    private let longestLife: Duration
    private let loop: EventLoop?

    init(longestLife: Duration = .seconds(3600), on loop: EventLoop? = nil) {
        self.longestLife = longestLife
        self.loop = loop
    }

    func add(to router: inout Router) { router.add(.get, "/events") { [self] _ in response() } }

    func response() -> HTTPResponse {
        let stream = EventStream(
            heartbeat: Array(":\n\n".utf8), farewell: Array("event: end\n\n".utf8), longestLife: longestLife,
            on: loop
        ) { [openings] in openings.continuation.yield($0) }
        stream.onEnd { [ends] in ends.continuation.yield($0) }
        return HTTPResponse(.ok, headers: ["Content-Type": "text/event-stream"], body: .events(stream))
    }

    func opened() async -> EventConnection {
        for await connection in openings.stream { return connection }
        preconditionFailure("never ends")
    }

    func ended() async -> EventStreamEnd {
        for await end in ends.stream { return end }
        preconditionFailure("never ends")
    }
}

private final class Kept: @unchecked Sendable {
    // Written by the test's body, which has ended when it is read.
    var clients: [RawClient] = []
}

extension TestServer {
    fileprivate func write(_ text: String, to connection: EventConnection) async {
        await loop.run { connection.write(Array(text.utf8)) }
    }
}

extension RawClient {
    /// Everything up to and with a text.
    func read(until end: String) -> String {
        var all: [UInt8] = []
        let end = Array(end.utf8)
        while !all.suffix(end.count).elementsEqual(end), let piece = read(atMost: 1), !piece.isEmpty { all += piece }
        return String(decoding: all, as: UTF8.self)
    }
}
