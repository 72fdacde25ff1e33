import Conference
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

struct RecordingTests {
    @Test func startsWhatIsOfferedAndSaysWhyNotOtherwise() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let path = "/api/v1/meetings/\(meeting.id)/recordings"
        let early = try await api.send(.post, path, ["kind": "audio"], as: api.ben)
        #expect(early.code == "meeting_not_live")
        api.meetings.makeLive(meeting.id)
        let composite = try await api.send(.post, path, ["kind": "composite"], as: api.ben)
        #expect(composite.status == .conflict)
        #expect(composite.code == "recording_not_offered")
        #expect(composite.object.string("detail")?.contains("needs 4 processors; the recorder has 2") == true)
        let started = try await api.send(.post, path, ["kind": "audio"], as: api.ben)
        #expect(started.status == .created)
        #expect(started.object.bool("active") == true)
        #expect(try await api.send(.post, path, ["kind": "participant"], as: api.ben).pointers == ["/participantId"])
        #expect(try await api.send(.post, path, ["kind": "all"], as: api.ben).status == .badRequest)
    }

    @Test func configurationTellsWhatIsOffered() async throws {
        let recording = try await TestAPI().send(.get, "/api/v1/configuration").object.object("recording")
        guard case .array(let kinds) = recording?["kinds"] else {
            Issue.record("kinds are missing")
            return
        }
        let offers = kinds.compactMap { kind in
            if case .object(let kind) = kind { kind.bool("offered") } else { nil }
        }
        #expect(offers == [false, true, true])
        #expect(recording?.string("notice")?.isEmpty == false)
    }

    @Test func whoComesLaterLearnsOfARecordingBeforeTheyConnect() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        api.meetings.makeLive(meeting.id)
        for isRecorded in [false, true] {
            let preview = try await api.send(.get, "/api/v1/join/\(meeting.joinCode)")
            #expect(preview.object.bool("recordingActive") == isRecorded)
            let ticket = try await api.send(.post, "/api/v1/join/\(meeting.joinCode)", ["displayName": "Grace"])
            #expect(ticket.object.bool("recordingActive") == isRecorded)
            let path = "/api/v1/meetings/\(meeting.id)/recordings"
            #expect(
                try await api.send(.post, path, ["kind": "audio"], as: api.ben).status.rawValue
                    == (isRecorded ? 409 : 201))
        }
    }

    @Test func theLinkIsInTheAnswerAndInNoLog() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let recording = Recording.ready(in: meeting.id)
        api.recordings.put(recording)
        for purpose in ["", "?purpose=play", "?purpose=download"] {
            let answer = try await api.send(.get, "/api/v1/recordings/\(recording.id)/link\(purpose)", as: api.ben)
            #expect(answer.object.string("url")?.contains("signature=secret") == true)
            #expect(answer.headers["Cache-Control"] == "no-store")
        }
        #expect(!api.sink.entries.isEmpty)
        #expect(api.sink.entries.allSatisfy { !"\($0)".contains("signature=secret") })
    }

    @Test func aGuestSeesThatARecordingRuns() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        api.meetings.makeLive(meeting.id)
        api.recordings.put(Recording.ready(in: meeting.id))
        let path = "/api/v1/meetings/\(meeting.id)/recordings"
        let key = try api.participantKey(in: meeting.id, admitted: true)
        let headers: HTTPHeaders = ["Authorization": "Bearer \(key)"]
        #expect(try await api.send(.get, path, headers: headers).object["items"] == .array([]))
        #expect(try await api.send(.post, path, ["kind": "audio"], as: api.ben).status == .created)
        guard case .array(let items) = try await api.send(.get, path, headers: headers).object["items"] else {
            Issue.record("items are missing")
            return
        }
        #expect(items.count == 1)
    }
}
