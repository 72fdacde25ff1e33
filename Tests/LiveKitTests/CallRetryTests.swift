import HTTPClient
import LiveKit
import Platform
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CallRetryTests {
    private let retry = CallRetry(attempts: 3, firstPause: .milliseconds(1))
    private static let busy = httpAnswer(503, #"{"code":"unavailable","msg":"try later"}"#)

    /// Answers with each text in turn, the last one again and again, and counts.
    private func run(_ answers: [String], _ call: (LiveKitAPI) async throws -> Void) async throws -> Int {
        let count = Lock(0)
        try await withAPI(
            retry: retry,
            answer: { _ in
                let index = count.withLock { value in
                    defer { value += 1 }
                    return value
                }
                return answers[min(index, answers.count - 1)]
            }
        ) { api in try await call(api) }
        return count.withLock { $0 }
    }

    @Test func callThatMayBeRepeatedIsWhenTheServerIsBusy() async throws {
        let calls = try await run([Self.busy, Self.busy, httpAnswer(200, #"{"rooms":[]}"#)]) { api in
            let rooms = try await api.listRooms()
            #expect(rooms.isEmpty)
        }
        #expect(calls == 3)
    }

    @Test func attemptsEnd() async throws {
        let calls = try await run([Self.busy]) { api in
            let error = await #expect(throws: LiveKitAPIError.self) { _ = try await api.listRooms() }
            #expect(error?.twirpCode == .unavailable)
        }
        #expect(calls == 3)
    }

    @Test func startOfARecordingIsNotRepeated() async throws {
        let calls = try await run([Self.busy]) { api in
            await #expect(throws: LiveKitAPIError.self) {
                _ = try await api.startRoomCompositeEgress(
                    RoomCompositeEgressRequest(roomName: "r", file: RequestBodiesTests.file))
            }
        }
        #expect(calls == 1)
    }

    @Test func messageIsNotRepeated() async throws {
        let calls = try await run([Self.busy]) { api in
            await #expect(throws: LiveKitAPIError.self) { try await api.sendData(room: "r", data: [], topic: "t") }
        }
        #expect(calls == 1)
    }

    @Test(arguments: [(400, "malformed"), (401, "unauthenticated"), (404, "not_found"), (500, "internal")])
    func refusalIsNotRepeated(status: Int, code: String) async throws {
        let calls = try await run([httpAnswer(status, #"{"code":"\#(code)","msg":""}"#)]) { api in
            let error = await #expect(throws: LiveKitAPIError.self) { try await api.deleteRoom("r") }
            #expect(error?.twirpCode?.rawValue == code)
        }
        #expect(calls == 1)
    }

    @Test func proxysPageIsRetriedAndToldInShort() async throws {
        let page = httpAnswer(502, type: "text/html", "<html>\n<body>Bad gateway</body></html>")
        let calls = try await run([page]) { api in
            let error = await #expect(throws: LiveKitAPIError.self) { _ = try await api.listRooms() }
            #expect(error?.twirpCode == .unavailable)
        }
        #expect(calls == 3)
    }

    @Test func answerThatIsNoMessageIsSaidSo() async throws {
        let calls = try await run([httpAnswer(200, #"{"rooms":[{"name":5}]}"#)]) { api in
            let error = await #expect(throws: LiveKitAPIError.self) { _ = try await api.listRooms() }
            #expect(error?.code == "livekit.invalid_answer")
        }
        #expect(calls == 1)
    }

    @Test func serverThatIsAwayIsUnavailable() async throws {
        try await withAPI(url: "http://127.0.0.1:1", retry: retry) { api in
            let error = await #expect(throws: LiveKitAPIError.self) {
                try await api.sendData(room: "r", data: [], topic: "t")
            }
            #expect(error?.code == "livekit.unavailable")
        }
    }
}
