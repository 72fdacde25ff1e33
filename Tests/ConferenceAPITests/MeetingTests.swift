import Conference
import FoundationEssentials
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

struct MeetingTests {
    @Test func createsAMeetingWithItsPlaceAndTag() async throws {
        let api = try await TestAPI()
        let response = try await api.send(
            .post, "/api/v1/meetings",
            [
                "title": " Weekly \u{7} sync ", "kind": "scheduled", "scheduledStart": "2026-03-02T10:00:00+01:00",
                "scheduledEnd": .null, "settings": ["passcode": "2718", "lobby": "guests", "capacity": 50],
            ], as: api.ben)

        #expect(response.status == .created)
        let id = try #require(response.object.string("id"))
        #expect(response.headers["Location"] == "/api/v1/meetings/\(id)")
        #expect(response.headers["ETag"] == "\"1\"")
        #expect(response.object.string("title") == "Weekly sync")
        #expect(response.object.string("scheduledStart") == "2026-03-02T09:00:00.000Z")
        #expect(response.object["scheduledEnd"] == .null)
        #expect(response.object.string("ownerId") == api.ben.description)
        let code = try #require(response.object.string("joinCode"))
        #expect(response.object.string("joinUrl") == "http://localhost:3000/join/\(code)")
        #expect(
            response.object["settings"] == [
                "requiresPasscode": true, "lobby": "guests", "locked": false, "capacity": 50,
                "screenShare": "everyone", "chat": "everyone", "chatHistory": false, "record": "hosts",
                "draw": "everyone",
            ])
        #expect(!String(decoding: response.bytes, as: UTF8.self).contains("2718"))
    }

    @Test func answers304WhenTheClientHasIt() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let path = "/api/v1/meetings/\(meeting.id)"

        let same = try await api.send(.get, path, as: api.ben, headers: ["If-None-Match": "W/\"1\", \"9\""])
        #expect(same.status == .notModified)
        #expect(same.bytes.isEmpty)
        #expect(same.headers["ETag"] == "\"1\"")
        #expect(try await api.send(.get, path, as: api.ben, headers: ["If-None-Match": "\"2\""]).status == .ok)
        #expect(try await api.send(.get, path, as: api.ben, headers: ["If-None-Match": "1"]).status == .ok)
    }

    @Test func changesOnlyTheVersionThatWasRead() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { $0.passcode = "2718" }
        let path = "/api/v1/meetings/\(meeting.id)"
        let change: JSONValue = ["title": "Monthly", "settings": ["locked": true, "passcode": .null]]

        let first = try await api.send(.patch, path, change, as: api.ben, headers: ["If-Match": "\"1\""])
        #expect(first.status == .ok)
        #expect(first.headers["ETag"] == "\"2\"")
        #expect(first.object.object("settings")?.bool("requiresPasscode") == false)
        #expect(first.object.object("settings")?.bool("locked") == true)
        #expect(first.object.string("title") == "Monthly")

        for tags in ["\"1\"", "W/\"2\"", "\"1\", \"3\"", "2"] {
            let response = try await api.send(.patch, path, change, as: api.ben, headers: ["If-Match": tags])
            #expect(response.status == .preconditionFailed)
            #expect(response.code == "precondition_failed")
        }
        for tags in ["\"1\", \"2\"", "*"] {
            let response = try await api.send(.patch, path, [:], as: api.ben, headers: ["If-Match": tags])
            #expect(response.status == .ok)
        }
    }

    @Test func clearsWhatIsNullAndKeepsWhatIsLeftOut() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { draft in
            draft.capacity = 9
            draft.kind = .scheduled
            draft.scheduledStart = FixedClock().now
            draft.scheduledEnd = FixedClock().now + 60
        }
        let response = try await api.send(
            .patch, "/api/v1/meetings/\(meeting.id)", ["scheduledEnd": .null], as: api.ben)
        #expect(response.object["scheduledEnd"] == .null)
        #expect(response.object.string("scheduledStart") == "2026-03-01T09:00:00.000Z")
        #expect(response.object.object("settings")?.integer("capacity") == 9)
    }

    @Test func pagesThroughAllMeetingsOnce() async throws {
        let api = try await TestAPI()
        for _ in 0..<5 { _ = try await api.makeMeeting() }
        var target = "/api/v1/meetings?limit=2&state=scheduled"
        var sizes: [Int] = []
        var ids: Set<String> = []
        while true {
            let response = try await api.send(.get, target, as: api.ben)
            guard case .array(let items) = response.object["items"] else { break }
            sizes.append(items.count)
            for case .object(let item) in items { ids.insert(try #require(item.string("id"))) }
            guard let link = response.headers["Link"] else {
                #expect(response.object["nextCursor"] == .null)
                break
            }
            let cursor = try #require(response.object.string("nextCursor"))
            #expect(link == "</api/v1/meetings?cursor=\(cursor)&limit=2&state=scheduled>; rel=\"next\"")
            target = String(link.dropFirst().prefix { $0 != ">" })
        }
        #expect(sizes == [2, 2, 1])
        #expect(ids.count == 5)
    }

    @Test func endsAndDeletes() async throws {
        let api = try await TestAPI()
        let path = "/api/v1/meetings/\(try await api.makeMeeting().id)"
        #expect(try await api.send(.post, "\(path)/end", as: api.ben).object.string("state") == "ended")
        #expect(try await api.send(.patch, path, ["title": "x"], as: api.ben).code == "meeting_ended")
        #expect(try await api.send(.delete, path, as: api.ben).status == .noContent)
        #expect(try await api.send(.get, path, as: api.ben).code == "meeting_not_found")
        #expect(try await api.send(.delete, path, as: api.ben).status == .notFound)
    }
}

struct JoinTests {
    @Test func showsAStrangerNoMoreThanThePreview() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { $0.passcode = "2718" }
        let response = try await api.send(.get, "/api/v1/join/\(meeting.joinCode.text.uppercased())")
        #expect(
            response.json == [
                "title": "Weekly", "kind": "instant", "state": "scheduled", "scheduledStart": .null,
                "scheduledEnd": .null, "requiresPasscode": true, "lobby": "off", "locked": false,
                "recordingActive": false,
            ])
        #expect(try await api.send(.get, "/api/v1/join/nonsense").code == "meeting_not_found")
    }

    @Test func letsAGuestInByLink() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { $0.passcode = "2718" }
        let path = "/api/v1/join/\(meeting.joinCode)"

        #expect(try await api.send(.post, path, ["displayName": "Grace"]).code == "passcode_required")
        let wrong = try await api.send(.post, path, ["displayName": "Grace", "passcode": "3141"])
        #expect(wrong.code == "wrong_passcode")
        let nameless = try await api.send(.post, path, ["passcode": "2718"])
        #expect(nameless.status == .unprocessableContent)
        #expect(nameless.pointers == ["/displayName"])

        let response = try await api.send(.post, path, ["displayName": "Grace", "passcode": "2718"])
        #expect(response.status == .ok)
        let connection = try #require(response.object.object("connection"))
        let participant = try #require(response.object.object("participant"))
        #expect(participant.string("role") == "guest")
        #expect(connection.string("url") == "ws://localhost:7880")
        #expect(connection.string("token") == "token-of-\(participant.string("id") ?? "")")
        #expect(connection.bool("isModerator") == false)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(api.sink.entries.last?.fields["meeting_id"] == meeting.id.description)
        #expect(MeetingSchemas.ticket.problems(of: response.json) == [])
    }

    @Test func letsSomeoneSignedInComeUnderTheirName() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let byLink = try await api.send(.post, "/api/v1/join/\(meeting.joinCode)", [:], as: api.cleo)
        #expect(byLink.object.object("participant")?.string("displayName") == "Cleo")
        #expect(byLink.object.object("participant")?.string("role") == "member")
        let byID = try await api.send(
            .post, "/api/v1/meetings/\(meeting.id)/join", ["displayName": "Boss"], as: api.ben)
        #expect(byID.object.object("participant")?.string("displayName") == "Boss")
        #expect(byID.object.object("connection")?.bool("isModerator") == true)
    }

    @Test func keepsThoseInTheLobbyWithoutAConnection() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { $0.lobby = .everyone }
        let response = try await api.send(.post, "/api/v1/join/\(meeting.joinCode)", ["displayName": "Grace"])
        #expect(response.object.string("status") == "waiting")
        #expect(response.object["connection"] == .null)
        #expect(MeetingSchemas.ticket.problems(of: response.json) == [])
    }
}
