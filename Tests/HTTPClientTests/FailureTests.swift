import Glibc
import HTTPClient
import Platform
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    private func failure(
        _ client: HTTPClient, _ request: HTTPClientRequest, timeout: Duration = .seconds(30)
    ) async -> HTTPClientError? {
        await #expect(throws: HTTPClientError.self) {
            let response = try await client.execute(request, timeout: timeout)
            _ = try await response.body.collect(upTo: 1 << 20)
        }
    }

    @Test func portWithoutServerIsConnectFailed() async throws {
        let server = try RawServer { _ in }
        let url = server.url
        server.stop()
        try await withClient { client in
            let error = await failure(client, HTTPClientRequest(url: url + "/?X-Amz-Signature=secret"))
            guard case .connectFailed(let host, _) = error else { return record(error) }
            #expect(host == "127.0.0.1:\(server.port)")
            #expect(!String(describing: error).contains("secret"))
        }
    }

    @Test func unknownNameIsDNS() async throws {
        try await withClient { client in
            let error = await failure(client, HTTPClientRequest(url: "http://no-such-host.invalid/"))
            #expect(error == .dns(host: "no-such-host.invalid"))
        }
    }

    @Test func plainServerUnderHTTPSIsTLS() async throws {
        let server = try RawServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForClose()
        }
        defer { server.stop() }
        try await withClient { client in
            let error = await failure(client, HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/"))
            guard case .tls = error else { return record(error) }
        }
    }

    @Test func silentServerIsIdleTimeout() async throws {
        let server = try RawServer { $0.waitForClose() }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(url: server.url, idleTimeout: .milliseconds(100))
            let error = await failure(client, request)
            #expect(error == .timeout(.idle, host: "127.0.0.1:\(server.port)", after: .milliseconds(100)))
        }
    }

    @Test func serverThatStopsInTheBodyIsIdleTimeout() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart")
            connection.waitForClose()
        }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(url: server.url, idleTimeout: .milliseconds(100))
            guard case .timeout(.idle, _, _) = await failure(client, request) else { return record(nil) }
        }
    }

    @Test func tricklingServerIsTotalTimeoutNotIdle() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.write("x") { pauseThread(milliseconds: 10) }
        }
        defer { server.stop() }
        try await withClient { client in
            let request = HTTPClientRequest(url: server.url, idleTimeout: .seconds(1))
            let error = await failure(client, request, timeout: .milliseconds(2500))
            #expect(error == .timeout(.total, host: "127.0.0.1:\(server.port)", after: .milliseconds(2500)))
        }
    }

    @Test func slowReaderOnOurSideIsNoIdleTimeout() async throws {
        let size = 16 * 1024 * 1024
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            connection.write([UInt8](repeating: 1, count: size))
        }
        defer { server.stop() }
        try await withClient(loops: 1) { client, loops in
            let request = HTTPClientRequest(url: server.url, idleTimeout: .milliseconds(600))
            let response = try await client.execute(request)
            try await loops[0].run { try await loops[0].sleep(for: .milliseconds(1500)) }
            #expect(try await response.body.collect(upTo: size).count == size)
        }
    }

    @Test func fullBacklogIsConnectTimeout() async throws {
        // Nothing answers in the network for documentation (RFC 5737); where it is refused at once, that is no timeout.
        var configuration = HTTPClientConfiguration()
        configuration.connectTimeout = .milliseconds(200)
        try await withClient(configuration) { client in
            switch await failure(client, HTTPClientRequest(url: "http://192.0.2.1:9/")) {
            case .timeout(.connect, "192.0.2.1:9", .milliseconds(200)), .connectFailed: break
            case let other: record(other)
            }
        }
    }

    @Test func closeInTheBodyIsConnectionLost() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        }
        defer { server.stop() }
        try await withClient { client in
            guard case .connectionLost = await failure(client, HTTPClientRequest(url: server.url)) else {
                return record(nil)
            }
        }
    }

    @Test func closeInsteadOfAnAnswerIsConnectionLost() async throws {
        let server = try RawServer { _ = $0.readRequest() }
        defer { server.stop() }
        try await withClient { client in
            guard case .connectionLost = await failure(client, HTTPClientRequest(url: server.url)) else {
                return record(nil)
            }
        }
    }

    @Test(arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"])
    func whatIsNoHTTPIsInvalidResponse(answer: String) async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(answer)
        }
        defer { server.stop() }
        try await withClient { client in
            let error = await failure(client, HTTPClientRequest(url: server.url))
            guard case .invalidResponse = error else { return record(error) }
        }
    }

    @Test func endlessHeadIsInvalidResponse() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: \(String(repeating: "y", count: 1000))\r\n") {}
        }
        defer { server.stop() }
        try await withClient { client in
            let error = await failure(client, HTTPClientRequest(url: server.url))
            guard case .invalidResponse = error else { return record(error) }
        }
    }

    @Test func cancellingTheTaskClosesTheConnectionAtOnce() async throws {
        let arrived = Signal<Void>()
        let closed = Signal<Void>()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            arrived.send(())
            connection.waitForClose()
            closed.send(())
        }
        defer { server.stop() }
        try await withClient { client in
            let task = Task { try await client.execute(HTTPClientRequest(url: server.url)).status }
            await arrived.wait()
            task.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await task.value }
            await closed.wait()
        }
    }

    @Test func cancellingWhileTheBodyIsReadClosesTheConnection() async throws {
        let closed = Signal<Void>()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            connection.waitForClose()
            closed.send(())
        }
        defer { server.stop() }
        try await withClient { client in
            let response = try await client.execute(HTTPClientRequest(url: server.url))
            let first = Signal<Void>()
            let task = Task {
                while try await response.body.read() != nil { first.send(()) }
            }
            await first.wait()
            task.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await task.value }
            await closed.wait()
        }
    }

    @Test func givingUpANameResolutionDoesNotHoldTheLoop() async throws {
        try await withClient(loops: 1) { client, loops in
            await loops[0].run {
                for number in 0..<10 {
                    let request = HTTPClientRequest(url: "http://slow-\(number).example.invalid/")
                    let begin = MonotonicTime.now
                    _ = try? await client.execute(request, timeout: .milliseconds(1))
                    #expect(MonotonicTime.now.duration(since: begin) < .seconds(2))
                }
            }
        }
    }

    @Test func stoppedClientEndsWhatRunsAndRefusesMore() async throws {
        let arrived = Signal<Void>()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            arrived.send(())
            connection.waitForClose()
        }
        defer { server.stop() }
        try await withClient { client in
            let task = Task { try await client.execute(HTTPClientRequest(url: server.url)).status }
            await arrived.wait()
            await client.stop()
            await #expect(throws: HTTPClientError.stopped) { try await task.value }
            #expect(await failure(client, HTTPClientRequest(url: server.url)) == .stopped)
        }
    }
}

func record(_ error: HTTPClientError?) { Issue.record("unexpected: \(String(describing: error))") }
