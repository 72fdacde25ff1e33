import HTTPServer
import Testing

@testable import ConferenceAPI

struct SchemaTests {
    private let schema = Schema.object(
        .required("title", .string(1...5)), .optional("count", .integer(1...9)),
        .optional("note", Schema.string().nullable),
        .optional("kind", .choice(["a", "b"])), .optional("list", .array(of: .boolean, limit: 2)),
        .optional("inner", .object(.required("id", .uuid))))

    private func problems(_ value: JSONValue) -> [String] {
        schema.problems(of: value).map { "\($0.pointer): \($0.detail)" }
    }

    @Test func findsNothingWrongWithWhatFits() {
        #expect(problems(["title": "abc", "count": 9, "note": .null, "kind": "a", "list": [true, false]]) == [])
    }

    @Test func pointsToEveryWrongPlaceAtOnce() {
        let wrong = problems([
            "title": "", "count": 10, "note": 3, "kind": "c", "list": [1, true, 2], "inner": ["id": "x", "a/b~c": 1],
        ])
        #expect(
            wrong == [
                "/title: must have at least 1 characters", "/count: must be from 1 to 9",
                "/note: must be a string or null, not an integer", "/kind: must be one of a, b",
                "/list: must have at most 2 elements", "/inner/id: must be a UUID",
                "/inner/a~1b~0c: is not known here",
            ])
    }

    @Test func missesWhatIsRequired() {
        #expect(problems([:]) == ["/title: is missing"])
        #expect(problems([1]) == [": must be an object, not an array"])
    }

    @Test func countsCodePointsAsJSONSchemaDoes() {
        // One character as people see it, seven code points.
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
        #expect(problems(["title": .string(family)]) == ["/title: must have at most 5 characters"])
    }

    @Test func takesWholeNumbersInAnySpellingAsIntegers() throws {
        #expect(problems(["title": "a", "count": try JSONParser.parse(Array("5.0".utf8))]) == [])
        #expect(problems(["title": "a", "count": 5.5]) == ["/count: must be an integer, not a number"])
    }

    /// The patterns in the document and the checks in the code are two spellings of one rule.
    @Test(
        arguments: [
            (StringFormat.line, ["", "a b", " ", "é😀", "a\u{0}", "\n", "\u{7f}", "\u{80}"]),
            (.trimmedLine, ["", "a", "ab", "a b", " a", "a ", " ", "a\tb", "\u{7f}", "é"]),
            (
                .cursor,
                [
                    "c" + String(repeating: "0", count: 32), "c", "c" + String(repeating: "G", count: 32),
                    "c" + String(repeating: "A", count: 32), "C" + String(repeating: "a", count: 32),
                ]
            ),
        ] as [(StringFormat, [String])])
    func patternsSayWhatTheCodeChecks(format: StringFormat, samples: [String]) throws {
        let pattern = try #require(format.pattern)
        let regex = try Regex(pattern).matchingSemantics(.unicodeScalar).dotMatchesNewlines()
        for sample in samples {
            #expect((try regex.wholeMatch(in: sample) != nil) == format.matches(sample), "\(sample.debugDescription)")
        }
    }
}
