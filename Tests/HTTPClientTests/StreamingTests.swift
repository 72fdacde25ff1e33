import HTTPClient
import Platform
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamingTests {
    /// Far more than the kernel's buffers of both sides and the client's together.
    static let large = 48 * 1024 * 1024

    @Test func serverIsHeldBackWhileNobodyReads() async throws {
        let blocked = Signal<Int>()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.large)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 64 * 1024)
            var sent = 0
            var idleTurns = 0
            // The peer counts as stopped when it has taken nothing for 200 ms.
            while idleTurns < 20, sent < Self.large {
                let count = connection.writeWithoutWaiting(Array(piece.prefix(Self.large - sent)))
                sent += count
                idleTurns = count == 0 ? idleTurns + 1 : 0
                if count == 0 { pauseThread(milliseconds: 10) }
            }
            blocked.send(sent)
            while sent < Self.large, connection.write(Array(piece.prefix(Self.large - sent))) {
                sent += min(piece.count, Self.large - sent)
            }
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            let taken = await blocked.wait()
            #expect(taken < Self.large / 2)
            var total = 0
            for try await piece in response.body {
                #expect(piece.count <= 512 * 1024)
                total += piece.count
            }
            #expect(total == Self.large)
        }
    }

    @Test func uploadSourceIsHeldBackWhileTheServerDoesNotRead() async throws {
        let goOn = Signal<Void>()
        let given = Lock(0)
        let server = try RawServer { connection in
            guard connection.readHead() != nil else { return }
            var seen = -1
            // The client counts as stopped when its source was not asked for 200 ms.
            while seen != given.withLock({ $0 }) {
                seen = given.withLock { $0 }
                pauseThread(milliseconds: 200)
            }
            let before = seen
            guard connection.read(Self.large) != nil else { return }
            let text = "\(before)"
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
            goOn.send(())
        }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(
                method: "PUT", url: server.url,
                body: .stream(length: Self.large) {
                    given.withLock { total in
                        guard total < Self.large else { return nil }
                        total += 256 * 1024
                        return [UInt8](repeating: 1, count: 256 * 1024)
                    }
                })
            let response = try await client.execute(request)
            let body = try await response.body.collect(upTo: 20)
            let before = try #require(Int(String(decoding: body, as: UTF8.self)))
            #expect(before < Self.large / 2)
            #expect(given.withLock { $0 } == Self.large)
        }
    }

    @Test func slowSourceIsWaitedFor() async throws {
        let server = try RawServer.answering { request in
            "HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n"
                + String(decoding: request.body, as: UTF8.self)
        }
        defer { server.stop() }
        try await withClient(loops: 1) { client, loops in
            let pieces = Lock(["ab", "", "cd", "e"])
            let request = HTTPClientRequest(
                method: "POST", url: server.url,
                body: .stream(length: 5) {
                    try await loops[0].sleep(for: .milliseconds(5))
                    return pieces.withLock { $0.isEmpty ? nil : Array($0.removeFirst().utf8) }
                })
            let response = try await client.execute(request)
            #expect(try await response.body.collect(upTo: 10) == Array("abcde".utf8))
        }
    }

    @Test(arguments: [1, 3, 9])
    func sourceThatGivesAnotherLengthThanPromisedFails(length: Int) async throws {
        let server = try RawServer.answering { _ in RawServer.ok }
        defer { server.stop() }
        try await withClient { client in
            let pieces = Lock([
                [UInt8](repeating: 1, count: 2), [UInt8](repeating: 1, count: length == 3 ? 1 : 2), [9],
            ])
            let request = HTTPClientRequest(
                method: "PUT", url: server.url,
                body: .stream(length: length) { pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() } })
            let error = await #expect(throws: HTTPClientError.self) { try await client.execute(request) }
            guard case .bodyLengthMismatch(let promised, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(promised == length)
        }
    }

    @Test func errorOfTheSourceReachesTheCallerAndTheServerSeesABrokenRequest() async throws {
        struct DiskFailed: Error {}
        let brokenOff = Signal<Bool>()
        let server = try RawServer { connection in
            brokenOff.send(connection.readRequest() == nil)
        }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(
                method: "PUT", url: server.url, body: .stream(length: 100) { throw DiskFailed() })
            await #expect(throws: DiskFailed.self) { try await client.execute(request) }
            #expect(await brokenOff.wait())
        }
    }

    @Test func collectRefusesMoreThanItsLimit() async throws {
        let server = try RawServer.answering { _ in "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef" }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            await #expect(throws: HTTPClientError.bodyTooLarge(limit: 5)) { try await response.body.collect(upTo: 5) }
        }
    }

    @Test func droppedResponseClosesItsConnection() async throws {
        let closed = Signal<Void>()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart")
            connection.waitForClose()
            closed.send(())
        }
        defer { server.stop() }
        try await withClient { client in
            let status = try await client.execute(HTTPClientRequest(url: server.url)).status
            #expect(status == 200)
            await closed.wait()
        }
    }
}
