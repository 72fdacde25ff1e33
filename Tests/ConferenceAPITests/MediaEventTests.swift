import Conference
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

/// The way of the media server's events into the inbox.
struct MediaEventTests {
    private static let room = "018c2b6e-0000-7000-8000-000000000001"

    private func post(
        _ api: TestAPI, _ content: String, signature: String? = "signed", type: String = "application/webhook+json",
        _ more: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var headers = more
        headers["Content-Type"] = type
        if let signature { headers["Authorization"] = signature }
        return try await api.send(.post, "/webhooks/livekit", bytes: Array(content.utf8), headers: headers)
    }

    @Test func eventIsKeptAndApplied() async throws {
        let api = try await TestAPI()
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)")
        #expect(response.status == .ok)
        #expect(response.object.string("status") == "applied")
        #expect(api.media.events.map(\.id) == ["EV_1"])
        #expect(api.media.applied == ["EV_1"])
    }

    @Test func sameEventAgainChangesNothing() async throws {
        let api = try await TestAPI()
        _ = try await post(api, "EV_1\nroom_started\n\(Self.room)")
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)")
        #expect(response.object.string("status") == "duplicate")
        #expect(api.media.applied == ["EV_1"])
    }

    @Test(arguments: ["e2e-room", "018C2B6E-0000-7000-8000-000000000001", ""])
    func roomThatIsNoneOfOursIsKeptAndDone(name: String) async throws {
        let api = try await TestAPI()
        let response = try await post(api, "EV_1\nroom_started\n\(name.isEmpty ? " " : name)")
        #expect(response.object.string("status") == "applied")
        #expect(api.media.applied == ["EV_1"])
    }

    @Test(arguments: [nil, "Bearer signed", "forged"])
    func whatIsNotSignedIsRefusedAndNotKept(signature: String?) async throws {
        let api = try await TestAPI()
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)", signature: signature)
        #expect(response.status == .unauthorized)
        #expect(response.code == "unverified_event")
        #expect(response.headers["WWW-Authenticate"] != nil)
        #expect(api.media.events.isEmpty)
        #expect(api.metrics.render().contains(#"media_events_refused_total{reason="unverified_event"} 1"#))
    }

    @Test func whatIsNoEventIsRefused() async throws {
        let api = try await TestAPI()
        let response = try await post(api, "nonsense")
        #expect(response.status == .badRequest)
        #expect(response.code == "unreadable_event")
        #expect(api.media.events.isEmpty)
    }

    @Test func otherMediaTypesAreRefused() async throws {
        let api = try await TestAPI()
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)", type: "application/json")
        #expect(response.status == .unsupportedMediaType)
        #expect(response.headers["Accept"] == "application/webhook+json")
    }

    @Test func sessionAndOriginMeanNothingHere() async throws {
        let api = try await TestAPI()
        let response = try await post(
            api, "EV_1\nroom_started\n\(Self.room)",
            ["Origin": "https://evil.example.org", "Cookie": "session=\(try await api.cookie(of: api.ben))"])
        #expect(response.status == .ok)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        #expect(response.headers["Set-Cookie"] == nil)
    }

    @Test func bursts() async throws {
        let api = try await TestAPI()
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)")
        #expect(response.headers["RateLimit"] == nil, "no token is taken")
    }

    @Test func databaseThatIsAwayIsSaid() async throws {
        let api = try await TestAPI()
        api.media.isAway = true
        let response = try await post(api, "EV_1\nroom_started\n\(Self.room)")
        #expect(response.status == .serviceUnavailable)
    }

    @Test func unknownKindsAreOneLabel() async throws {
        let api = try await TestAPI()
        _ = try await post(api, "EV_1\nsurprise\n\(Self.room)")
        #expect(api.metrics.render().contains(#"media_events_total{event="other",outcome="applied"} 1"#))
    }
}
