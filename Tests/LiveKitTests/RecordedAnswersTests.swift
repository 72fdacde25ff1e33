import FoundationEssentials
import LiveKit
import TestSupport
import Testing

/// The client reads what a real server answered.
@Suite(.timeLimit(.minutes(1)))
struct RecordedAnswersTests {
    /// A client whose server gives the answer of the recording's entry.
    private func withRecorded(_ entry: Int, _ body: (LiveKitAPI) async throws -> Void) async throws {
        let recorded = try TestData.json("twirp.json").array[entry].object
        let method = try #require(recorded["method"]?.text)
        let answer = httpAnswer(
            Int(try #require(recorded["status"]?.number)), type: recorded["content_type"]?.text ?? "",
            try #require(recorded["response"]).wire)
        try await withAPI(
            answer: { request in
                request.lines[0] == "POST /twirp/livekit.\(method) HTTP/1.1"
                    ? answer : httpAnswer(404, #"{"code":"bad_route","msg":"\#(request.lines[0])"}"#)
            }, body)
    }

    private func refusal(of entry: Int, _ call: @escaping (LiveKitAPI) async throws -> Void) async throws
        -> LiveKitAPIError
    {
        var caught: LiveKitAPIError?
        try await withRecorded(entry) { api in
            caught = await #expect(throws: LiveKitAPIError.self) { try await call(api) }
        }
        return try #require(caught)
    }

    @Test func createdRoom() async throws {
        try await withRecorded(3) { api in
            let room = try await api.createRoom(CreateRoomRequest(name: "e2e-room"))
            #expect(room.sid == "RM_fCagkokF8oPe")
            #expect(room.name == "e2e-room")
            #expect(room.createdAt == Date(timeIntervalSince1970: 1_795_397_134.483))
            #expect(room.metadata == #"{"a":1}"#)
            #expect(room.participantCount == 0)
            #expect(!room.isRecording)
        }
    }

    @Test func rooms() async throws {
        try await withRecorded(13) { api in
            let found = try await api.listRooms().map(\.name)
            #expect(found == ["e2e-room"])
        }
        try await withRecorded(25) { api in
            let found = try await api.listRooms()
            #expect(found.isEmpty)
        }
    }

    @Test func participants() async throws {
        try await withRecorded(14) { api in
            let people = try await api.listParticipants(room: "e2e-room")
            #expect(people.map(\.identity) == ["alice", "bob"])
            let alice = people[0]
            #expect(alice.sid == "PA_ncUKdy6jKeBS")
            #expect(alice.name == "Alice")
            #expect(alice.state == "ACTIVE")
            #expect(alice.kind == "STANDARD")
            #expect(alice.joinedAt == Date(timeIntervalSince1970: 1_795_397_134.591))
            #expect(alice.disconnectReason == nil)
            #expect(alice.permission?.canPublishData == true)
            #expect(alice.tracks.map(\.sid) == ["TR_VCkd9iYs8KDyXZ"])
            #expect(alice.tracks[0].type == "VIDEO")
            #expect(alice.tracks[0].source == "CAMERA")
            #expect(!alice.tracks[0].isMuted)
        }
    }

    @Test func unknownRoomHasNoParticipants() async throws {
        try await withRecorded(11) { api in
            let found = try await api.listParticipants(room: "nope")
            #expect(found.isEmpty)
        }
    }

    @Test func mutedTrack() async throws {
        try await withRecorded(17) { api in
            let track = try await api.mutePublishedTrack(
                room: "e2e-room", identity: "alice", trackSID: "TR_VCkd9iYs8KDyXZ", muted: true)
            #expect(track?.isMuted == true)
        }
    }

    @Test func unknownTrackIsNil() async throws {
        try await withRecorded(19) { api in
            let track = try await api.mutePublishedTrack(
                room: "e2e-room", identity: "alice", trackSID: "TR_nope", muted: true)
            #expect(track == nil)
        }
    }

    @Test func updatedParticipantAndRoom() async throws {
        try await withRecorded(20) { api in
            let bob = try await api.updateParticipant(room: "e2e-room", identity: "bob", metadata: "m")
            #expect(bob.metadata == "m")
            #expect(bob.permission?.canPublish == false)
        }
        try await withRecorded(21) { api in
            let room = try await api.updateRoomMetadata(room: "e2e-room", metadata: "new")
            #expect(room.metadata == "new")
            #expect(room.participantCount == 2)
        }
    }

    @Test func emptyAnswers() async throws {
        try await withRecorded(22) { api in try await api.sendData(room: "e2e-room", data: [], topic: "t") }
        try await withRecorded(23) { api in try await api.removeParticipant(room: "e2e-room", identity: "bob") }
        try await withRecorded(27) { api in try await api.deleteRoom("del-room") }
    }

    @Test func wrongTokenIsToldAsText() async throws {
        let error = try await refusal(of: 1) { _ = try await $0.createRoom(CreateRoomRequest(name: "e2e-room")) }
        #expect(error.twirpCode == .unauthenticated)
        #expect("\(error)".contains("invalid authorization token"))
    }

    @Test func missingGrantIsToldAsJSON() async throws {
        let error = try await refusal(of: 8) { _ = try await $0.listRooms() }
        #expect(error.twirpCode == .unauthenticated)
        #expect("\(error)".contains("permissions denied"))
    }

    @Test func whatIsGoneIsNotFound() async throws {
        #expect(try await refusal(of: 28) { try await $0.deleteRoom("nope") }.isNotFound)
        #expect(try await refusal(of: 24) { try await $0.removeParticipant(room: "r", identity: "b") }.isNotFound)
        #expect(try await refusal(of: 16) { _ = try await $0.getParticipant(room: "r", identity: "b") }.isNotFound)
    }

    @Test func routeThatDoesNotExistIsNoMissingRoom() async throws {
        let error = try await refusal(of: 6) { _ = try await $0.listRooms() }
        #expect(!error.isNotFound)
        #expect(error.twirpCode == .badRoute)
    }

    @Test func remoteUnmuteIsRefused() async throws {
        let error = try await refusal(of: 18) {
            _ = try await $0.mutePublishedTrack(room: "r", identity: "a", trackSID: "t", muted: false)
        }
        #expect(error.twirpCode == .failedPrecondition)
    }
}
