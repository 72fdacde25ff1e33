import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

struct IndentedJSONTests {
    @Test func writesOneMemberOrElementALine() throws {
        let value: JSONValue = ["a": [1, ["b c": "\n\"é"]], "d": [], "e": [:], "f": .null]
        #expect(
            String(decoding: JSONWriter.encodeIndented(value), as: UTF8.self) == """
                {
                  "a": [
                    1,
                    {
                      "b c": "\\n\\"é"
                    }
                  ],
                  "d": [],
                  "e": {},
                  "f": null
                }
                """)
    }

    @Test func theDocumentIsWhatTheServerAnswers() async throws {
        let api = try await TestAPI()
        let served = try await api.send(.get, "/api/openapi.json").json
        #expect(try JSONParser.parse(Array(openAPIDocument(api.dependencies).utf8)) == served)
    }
}
