import FoundationEssentials
import LiveKit
import Platform
import TestSupport
import Testing

/// What the client sends: the bodies are those of `requests.json`, which LiveKit's own library reads, and the token allows
/// no more than the call.
@Suite(.timeLimit(.minutes(1)))
struct RequestBodiesTests {
    struct Sent: Sendable {
        let method: String
        let body: JSON
        let grants: JSON
    }

    static let storage = S3Upload(
        accessKey: "key", secret: "secret", region: "eu-frankfurt-1", endpoint: "https://storage.example.org",
        bucket: "recordings")
    static let file = EncodedFileOutput(filepath: "m/1.mp4", s3: storage)

    /// One call of each kind, in the order of `requests.json`.
    static let calls: [@Sendable (LiveKitAPI) async throws -> Void] = [
        { _ = try await $0.createRoom(CreateRoomRequest(name: "r")) },
        {
            _ = try await $0.createRoom(
                CreateRoomRequest(
                    name: "r", emptyTimeout: 300, departureTimeout: 20, maxParticipants: 50, metadata: #"{"a":"ü"}"#))
        },
        { _ = try await $0.listRooms() },
        { _ = try await $0.listRooms(names: ["r", "s"]) },
        { try await $0.deleteRoom("r") },
        { _ = try await $0.listParticipants(room: "r") },
        { _ = try await $0.getParticipant(room: "r", identity: "p") },
        { try await $0.removeParticipant(room: "r", identity: "p") },
        { _ = try await $0.mutePublishedTrack(room: "r", identity: "p", trackSID: "TR_1", muted: true) },
        {
            _ = try await $0.updateParticipant(
                room: "r", identity: "p", name: "Grace", metadata: "m", attributes: ["hand_raised": "1", "role": ""],
                permission: ParticipantPermission(
                    canSubscribe: true, canPublish: true, canPublishData: false,
                    canPublishSources: ["CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]))
        },
        { _ = try await $0.updateParticipant(room: "r", identity: "p", name: "Grace") },
        { _ = try await $0.updateRoomMetadata(room: "r", metadata: "m") },
        { try await $0.sendData(room: "r", data: [0, 255, 10], topic: "chat") },
        { try await $0.sendData(room: "r", data: Array("hi".utf8), topic: "chat", to: ["p", "q"]) },
        {
            _ = try await $0.startRoomCompositeEgress(
                RoomCompositeEgressRequest(
                    roomName: "r", layout: "grid", customBaseURL: "https://meet.example.org/rec", file: file))
        },
        {
            _ = try await $0.startRoomCompositeEgress(
                RoomCompositeEgressRequest(
                    roomName: "r", audioOnly: true, file: EncodedFileOutput(filepath: "m/1.ogg", s3: storage)))
        },
        {
            _ = try await $0.startParticipantEgress(
                ParticipantEgressRequest(roomName: "r", identity: "p", screenShare: true, file: file))
        },
        {
            _ = try await $0.startTrackEgress(
                TrackEgressRequest(
                    roomName: "r", trackSID: "TR_1", file: DirectFileOutput(filepath: "m/1", s3: storage)))
        },
        { _ = try await $0.stopEgress("EG_1") },
        { _ = try await $0.listEgress(room: "r") },
        { _ = try await $0.listEgress(egressID: "EG_1") },
        { _ = try await $0.listEgress() },
    ]

    private func sent() async throws -> [Sent] {
        let requests = Lock<[RawRequest]>([])
        try await withAPI(
            answer: { request in
                requests.withLock { $0.append(request) }
                return httpAnswer(200, "{}")
            }
        ) { api in
            for call in Self.calls { try await call(api) }
        }
        return try requests.withLock { $0 }.map { request in
            let path = try #require(request.lines[0].split(separator: " ").dropFirst().first)
            let header = try #require(request.lines.first { $0.hasPrefix("Authorization: Bearer ") })
            return Sent(
                method: String(path.trimmingPrefix("/twirp/livekit.")), body: try JSON(request.body),
                grants: try #require(Self.claims(of: header)["video"]))
        }
    }

    private static func claims(of header: String) throws -> [String: JSON] {
        let parts = header.split(separator: ".")
        try #require(parts.count == 3)
        var text = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        let payload = try #require(Data(base64Encoded: text))
        return try JSON(Array(payload)).object
    }

    @Test func bodiesAreThoseThatLiveKitsLibraryReads() async throws {
        let expected = try TestData.json("requests.json").array
        let sent = try await sent()
        #expect(sent.count == expected.count)
        for (call, expected) in zip(sent, expected) {
            #expect(call.method == expected.object["method"]?.text)
            #expect(call.body == expected.object["body"], "\(call.method)")
        }
    }

    @Test func tokensAllowNoMoreThanTheCall() async throws {
        for call in try await sent() {
            let expected: JSON =
                switch call.method {
                case "RoomService/CreateRoom", "RoomService/DeleteRoom": .object(["roomCreate": .bool(true)])
                case "RoomService/ListRooms": .object(["roomList": .bool(true)])
                case let method where method.hasPrefix("Egress/"): .object(["roomRecord": .bool(true)])
                default: .object(["roomAdmin": .bool(true), "room": .text("r")])
                }
            #expect(call.grants == expected, "\(call.method)")
        }
    }
}
