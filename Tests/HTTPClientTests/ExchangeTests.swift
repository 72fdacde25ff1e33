import HTTPClient
import Platform
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ExchangeTests {
    @Test func getGivesStatusHeadersAndBody() async throws {
        let server = try RawServer.answering { request in
            "HTTP/1.1 404 Not Found\r\nX-Line: \(request.lines[0])\r\nx-two: a\r\nX-TWO: b\r\nContent-Length: 4\r\n\r\nnope"
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url + "/a/../b%20c?q=1"))
            #expect(response.status == 404)
            #expect(response.headers["x-line"] == "GET /a/../b%20c?q=1 HTTP/1.1")
            #expect(response.headers.values("X-Two") == ["a", "b"])
            #expect(try await response.body.collect(upTo: 100) == Array("nope".utf8))
        }
    }

    @Test func requestCarriesMethodHeadersAndBytes() async throws {
        let seen = Signal<RawRequest>()
        let server = try RawServer.answering { request in
            seen.send(request)
            return RawServer.ok
        }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(
                method: "PUT", url: server.url, headers: ["X-A": "one two", "X-Empty": "", "Content-Type": "a/b"],
                body: .bytes([0, 255, 10]))
            _ = try await client.execute(request)
            let received = await seen.wait()
            #expect(received.body == [0, 255, 10])
            let names = received.lines.dropFirst().map { String($0.prefix { $0 != ":" }).lowercased() }.sorted()
            #expect(names == ["content-length", "content-type", "host", "user-agent", "x-a", "x-empty"])
            #expect(received.lines.contains("X-A: one two"))
            #expect(received.lines.contains("X-Empty:"))
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH"])
    func methodThatUsuallyHasABodySaysThatItHasNone(method: String) async throws {
        let server = try RawServer.answering { request in
            request.lines.contains("Content-Length: 0") ? RawServer.ok : "HTTP/1.1 411 Length Required\r\n\r\n"
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(method: method, url: server.url))
            #expect(response.status == 200)
        }
    }

    @Test func headHasNoBodyWhateverItsLength() async throws {
        let server = try RawServer.answering { _ in "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(method: "HEAD", url: server.url))
            #expect(response.headers["Content-Length"] == "1000")
            #expect(try await response.body.collect(upTo: 0) == [])
        }
    }

    @Test func deleteAnsweredWithNoContentEnds() async throws {
        let server = try RawServer.answering { request in
            request.head.hasPrefix("DELETE ") ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 400 Bad\r\n\r\n"
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(method: "DELETE", url: server.url))
            #expect(response.status == 204)
            #expect(try await response.body.read() == nil)
        }
    }

    @Test func chunkedBodyIsDecodedAndItsTrailersAreNotHeaders() async throws {
        let server = try RawServer.answering { _ in
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            #expect(try await response.body.collect(upTo: 5) == Array("abcde".utf8))
            #expect(response.headers["X-Trailer"] == nil)
        }
    }

    @Test func interimResponsesAreSkipped() async throws {
        let server = try RawServer.answering { _ in
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + RawServer.ok
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            #expect(response.status == 200)
            #expect(response.headers["Link"] == nil)
        }
    }

    @Test func redirectIsAnAnswer() async throws {
        let server = try RawServer.answering { _ in
            "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            #expect(response.status == 302)
            #expect(response.headers["Location"] == "/elsewhere")
        }
    }

    @Test func connectionIsUsedAgain() async throws {
        let server = try RawServer.answering { _ in RawServer.ok }
        defer { server.stop() }
        try await withClient { client in
            for _ in 0..<20 {
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                _ = try await response.body.collect(upTo: 10)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func keptConnectionThatTheServerClosedIsReplaced() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(RawServer.ok)
            connection.close()
        }
        defer { server.stop() }
        try await withClient { client in
            for _ in 0..<5 {
                let request = HTTPClientRequest(method: "POST", url: server.url, body: .bytes([1, 2, 3]))
                let response = try await client.execute(request)
                #expect(try await response.body.collect(upTo: 10) == Array("ok".utf8))
            }
        }
    }

    @Test func connectionsToAHostStayWithinTheLimit() async throws {
        let server = try RawServer.answering { _ in RawServer.ok }
        defer { server.stop() }
        var configuration = HTTPClientConfiguration()
        configuration.maximumConnectionsPerHost = 3
        try await withClient(configuration) { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await client.execute(HTTPClientRequest(url: server.url)).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect((1...3).contains(server.connectionCount))
        }
    }

    @Test func eachLoopUsesItsOwnConnection() async throws {
        let server = try RawServer.answering { _ in RawServer.ok }
        defer { server.stop() }
        try await withClient(loops: 2) { client, loops in
            for loop in loops + loops {
                let response = try await loop.run {
                    let response = try await client.execute(HTTPClientRequest(url: server.url))
                    #expect(loop.isInLoop)
                    _ = try await response.body.collect(upTo: 10)
                    return response.status
                }
                #expect(response == 200)
            }
            #expect(server.connectionCount == 2)
        }
    }
}
