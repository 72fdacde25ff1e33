import HTTPServer
import Testing

@testable import ConferenceAPI

struct ContentTests {
    private func post(_ text: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        let api = try await TestAPI()
        return try await api.send(.post, "/api/v1/meetings", bytes: Array(text.utf8), as: api.ben, headers: headers)
    }

    @Test(arguments: [
        "", "{", "{\"title\":\"a\",\"title\":\"b\"}", "{\"title\":\"\\ud800\"}", "[", "{\"title\":\"a\"} x",
    ])
    func refusesMalformedJSON(text: String) async throws {
        let response = try await post(text)
        #expect(response.status == .badRequest)
        #expect(response.code == "malformed_json")
    }

    @Test func pointsToEveryWrongField() async throws {
        let response = try await post(#"{"title":7,"kind":"party","settings":{"capacity":1,"lobby":null},"more":1}"#)
        #expect(response.status == .badRequest)
        #expect(response.code == "invalid_request")
        #expect(response.pointers == ["/title", "/kind", "/settings/lobby", "/settings/capacity", "/more"])
    }

    @Test func pointsToWhatTheDomainRefuses() async throws {
        let response = try await post(#"{"title":"\u200b","kind":"scheduled"}"#)
        #expect(response.status == .unprocessableContent)
        #expect(response.pointers == ["/title", "/scheduledStart"])
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "", "json",
    ])
    func takesNothingButJSON(type: String) async throws {
        let response = try await post("{\"title\":\"a\"}", headers: ["Content-Type": type])
        #expect(response.status == .unsupportedMediaType)
        #expect(response.headers["Accept"] == "application/json")
    }

    @Test(arguments: ["application/json", "Application/JSON; Charset=\"UTF-8\"", "application/json;charset=utf-8"])
    func takesJSONHoweverItIsSpelled(type: String) async throws {
        #expect(try await post("{\"title\":\"a\"}", headers: ["Content-Type": type]).status == .created)
    }

    @Test(arguments: [
        "limit=0", "limit=101", "limit=x", "limit=", "limit=-1", "limit=1&limit=2", "state=old", "cursor=x", "other=1",
    ])
    func refusesWrongParameters(query: String) async throws {
        let api = try await TestAPI()
        let response = try await api.send(.get, "/api/v1/meetings?\(query)", as: api.ben)
        #expect(response.status == .badRequest)
        #expect(response.code == "invalid_request")
        #expect(response.pointers == [String(query.prefix { $0 != "=" })])
    }

    @Test func looksAtTheSessionBeforeTheContent() async throws {
        let response = try await TestAPI().send(.post, "/api/v1/meetings", bytes: Array("{".utf8))
        #expect(response.status == .unauthorized)
    }
}
