import HTTPClient
import Platform
import TestSupport
import Testing

@testable import LiveKit

@Suite(.timeLimit(.minutes(1)))
struct LiveKitHealthTests {
    private func withHealth(url: String, _ body: (LiveKitHealth) async throws -> Void) async throws {
        let loop = try EventLoop(name: "health")
        try loop.start()
        let client = HTTPClient(loops: [loop])
        let configuration = try LiveKitConfiguration(
            url: url, apiKey: "devkey", secret: "abcdefghijklmnopqrstuvwxyz0123456789")
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(LiveKitHealth(configuration: configuration, client: client)))
        } catch {
            result = .failure(error)
        }
        await client.stop()
        loop.stop()
        try result.get()
    }

    @Test func asksListRoomsWithAToken() async throws {
        try await withHealth(url: "http://127.0.0.1:7880/") { health in
            let request = try health.request()
            #expect(request.method == "POST")
            #expect(request.url == "http://127.0.0.1:7880/twirp/livekit.RoomService/ListRooms")
            #expect(request.headers["Authorization"]?.hasPrefix("Bearer ey") == true)
            #expect(request.headers["Content-Type"] == "application/json")
        }
    }

    @Test(arguments: [
        (200, LiveKitHealth.Outcome.ok(latency: .milliseconds(3))), (401, .wrongKey), (404, .unexpected(status: 404)),
        (500, .unexpected(status: 500)),
    ])
    func statusTellsTheOutcome(status: Int, outcome: LiveKitHealth.Outcome) {
        #expect(LiveKitHealth.outcome(status: status, latency: .milliseconds(3)) == outcome)
    }

    @Test func serverThatKnowsTheKeyIsOK() async throws {
        let server = try RawServer.answering { request in
            let answer = #"{"rooms":[]}"#
            guard request.body == Array(#"{"names":["health-check"]}"#.utf8) else { return "HTTP/1.1 400 Bad\r\n\r\n" }
            return "HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(answer)"
        }
        defer { server.stop() }
        try await withHealth(url: server.url) { health in
            #expect(await health.check().isOK)
        }
    }

    @Test func serverThatHangsIsUnreachableInTime() async throws {
        let server = try RawServer { $0.waitForClose() }
        defer { server.stop() }
        try await withHealth(url: server.url) { health in
            guard case .unreachable(let reason) = await health.check(timeout: .milliseconds(100)) else {
                Issue.record("expected unreachable")
                return
            }
            #expect(reason.contains("did not end within 0.1 seconds"))
        }
    }

    @Test func closedPortIsUnreachable() async throws {
        try await withHealth(url: "http://127.0.0.1:1") { health in
            guard case .unreachable(let reason) = await health.check() else {
                Issue.record("expected unreachable")
                return
            }
            #expect(reason.contains("127.0.0.1:1"))
        }
    }

    @Test(arguments: ["ws://127.0.0.1:7880", "127.0.0.1:7880", "http://", "http://h/x", "http://u:p@h", "http://h?q"])
    func urlThatIsNoPlainServerIsRefused(url: String) {
        #expect(throws: LiveKitError.self) {
            try LiveKitConfiguration(url: url, apiKey: "k", secret: String(repeating: "s", count: 32))
        }
    }
}
