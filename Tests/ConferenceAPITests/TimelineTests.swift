import Conference
import FoundationEssentials
import HTTPServer
import Testing

@testable import ConferenceAPI

struct TimelineRouteTests {
    private static func items(_ count: Int, details: [String: String] = ["source": "microphone"]) -> [TimelineItem] {
        let ids = UUIDv7Generator()
        return (0..<count).map { number in
            TimelineItem(
                id: ids.next(), at: FixedClock().now + Double(number), source: number % 2 == 0 ? .action : .webhook,
                kind: "participant.muted", participantID: nil, participantName: "Grace", actorID: nil, actorName: "Ada",
                isRepaired: number == 0, details: details)
        }
    }

    private static func ids(_ answer: HTTPResponse) -> [String] {
        answer.object.objects("items").compactMap { $0.string("id") }
    }

    @Test func pagesFollowEachOtherToTheEnd() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let items = Self.items(5)
        api.timeline.set(items)
        var target: String? = "/api/v1/meetings/\(meeting.id)/timeline?limit=2"
        var seen: [String] = []
        while let next = target {
            let answer = try await api.send(.get, next, as: api.ben)
            #expect(answer.status == .ok)
            seen += Self.ids(answer)
            target = answer.headers["Link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect((target == nil) == (answer.object["nextCursor"] == .null))
        }
        #expect(seen == items.map { Identifier<Never>($0.id).description })
    }

    @Test func oneSourceCanBeChosenAndOnlyAdministratorsReadErrors() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        api.timeline.set(Self.items(5))
        let path = "/api/v1/meetings/\(meeting.id)/timeline"
        let webhooks = try await api.send(.get, "\(path)?source=webhook", as: api.ben)
        #expect(Self.ids(webhooks).count == 2)
        #expect(api.timeline.withErrors == false)
        _ = try await api.send(.get, path, as: api.ada)
        #expect(api.timeline.withErrors == true)
        for query in ["source=all", "cursor=t1", "limit=0"] {
            #expect(try await api.send(.get, "\(path)?\(query)", as: api.ben).status == .badRequest, "\(query)")
        }
    }

    @Test func theBundleIsALineForEachThingAndEndsWithItsEnd() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting { $0.passcode = "2468-planted" }
        api.timeline.set(Self.items(1200, details: ["reason": "ask planted@example.org"]))
        api.recordings.put(.ready(in: meeting.id))
        let answer = try await api.send(.get, "/api/v1/meetings/\(meeting.id)/support-bundle", as: api.ben)
        #expect(answer.headers["Content-Type"] == "application/x-ndjson")
        var bytes: [UInt8] = []
        if case .stream(_, let next) = answer.body { while let piece = try await next() { bytes += piece } }
        let text = String(decoding: bytes, as: UTF8.self)
        let types = try text.split(separator: "\n").map { line -> String in
            guard case .object(let object) = try JSONParser.parse(Array(line.utf8)) else { return "" }
            return object.string("type") ?? ""
        }
        #expect(types.count == 1204)
        #expect(types.prefix(3) == ["meeting", "analytics", "recording"])
        #expect(types.last == "end")
        #expect(types.filter { $0 == "entry" }.count == 1200)
        for secret in ["planted", meeting.joinCode.text, "recordings/"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        #expect(text.contains("ask [e-mail]"))
    }
}
