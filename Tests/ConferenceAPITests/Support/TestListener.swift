import Conference
import Glibc
import Platform
import Testing

@testable import ConferenceAPI
@testable import HTTPServer

/// One who listens to a meeting's events, over a socket as the server would give them.
final class TestListener: Sendable {
    private let descriptor: Int32
    let ready: String
    private let endings = AsyncStream<EventStreamEnd>.makeStream()

    /// Opens a stream on `loop`, and reads its first event.
    init(_ api: TestAPI, _ meeting: MeetingID, on loop: EventLoop, headers: HTTPHeaders) async throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        let (near, far) = (pair[0], pair[1])
        descriptor = far
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(far, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let endings = endings
        try await loop.run {
            let response = try await api.send(.get, "/api/v1/meetings/\(meeting)/events", headers: headers)
            guard case .events(let stream) = response.body else {
                throw Refused(status: response.status.rawValue, code: response.code)
            }
            stream.onEnd { endings.continuation.yield($0) }
            stream.opened(try EventConnection(owning: near, of: nil, for: stream, on: loop) { _ in })
        }
        ready = TestListener.read(from: far)
    }

    deinit { close(descriptor) }

    struct Refused: Error, Equatable {
        let status: Int
        let code: String?
    }

    /// The next event as `id name data`, without what it doesn't have; empty at the end.
    func next() -> String { TestListener.read(from: descriptor) }

    func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func ended() async -> EventStreamEnd? {
        for await end in endings.stream { return end }
        return nil
    }

    private static func read(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(2).elementsEqual([10, 10]), recv(descriptor, &byte, 1, 0) == 1 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.hasPrefix("retry: ") ? nil : line.drop { $0 != " " }.dropFirst()
        }.joined(separator: " ")
    }
}

extension TestAPI {
    /// The API with events on a loop of its own.
    static func withEvents(_ body: (TestAPI, EventLoop, Meeting) async throws -> Void) async throws {
        let loop = try EventLoop(name: "events")
        try loop.start()
        defer { loop.stop() }
        let api = try await TestAPI(loops: [loop])
        try await body(api, loop, try await api.makeMeeting())
    }

    /// Publishes as one instance would get it from the others.
    func publish(
        _ name: String, in meeting: MeetingID, to audience: MeetingEvent.Audience = .everyone,
        about participant: ParticipantID? = nil
    ) {
        let data = participant.map { [MeetingEvent.participantKey: MeetingEvent.Value.string($0.description)] } ?? [:]
        hub.receive(
            eventLog.append(
                MeetingEvent(
                    MeetingEvent.Name(rawValue: name), in: meeting, to: audience, at: FixedClock().now, data: data)))
    }
}
