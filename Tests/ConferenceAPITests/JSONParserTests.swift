import Testing

@testable import ConferenceAPI

struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    @Test func readsEveryKindOfValue() throws {
        let value = try parse(#" {"a":[1,-2.5,1e2,true,false,null],"b":{"c":""}} "#)
        #expect(value == ["a": [1, -2.5, 100, true, false, .null], "b": ["c": ""]])
    }

    @Test func readsEscapes() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == .string("\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1F600}"))
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("{", .unexpectedEnd, 1), ("[1,]", .unexpectedCharacter, 3),
            ("nul", .unexpectedEnd, 3),
            ("{\"a\":1,}", .unexpectedCharacter, 7), ("1 2", .unexpectedCharacter, 2), ("01", .badNumber, 2),
            ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e999", .badNumber, 5),
            ("+1", .unexpectedCharacter, 0),
            (".5", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0), ("\"\t\"", .controlCharacter, 1),
            ("\"\\x\"", .badEscape, 3), ("\"\\ud800\"", .loneSurrogate, 7), ("\"\\udc00\"", .loneSurrogate, 7),
            ("\"\\ud800\\u0041\"", .loneSurrogate, 13), ("{\"a\":1,\"a\":2}", .duplicateName, 10),
            ("{a:1}", .unexpectedCharacter, 1), ("'a'", .unexpectedCharacter, 0),
            ("\u{FEFF}1", .unexpectedCharacter, 0),
        ] as [(String, JSONSyntaxError.Reason, Int)])
    func refusesWhatIsNoJSON(text: String, reason: JSONSyntaxError.Reason, offset: Int) {
        #expect(throws: JSONSyntaxError(reason: reason, offset: offset)) { try parse(text) }
    }

    @Test(arguments: [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]] as [[UInt8]])
    func refusesWhatIsNotUTF8(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError(reason: .notUTF8, offset: 0)) { try JSONParser.parse(bytes) }
    }

    @Test func boundsTheDepth() throws {
        let allowed = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        _ = try parse(allowed)
        #expect(throws: JSONSyntaxError(reason: .tooDeep, offset: 32)) { try parse("[" + allowed + "]") }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func takesDifferentSpellingsOfOneCharacterAsDifferentNames() throws {
        guard case .object(let object) = try parse("{\"\u{e9}\":1,\"e\u{301}\":2}") else { return #expect(Bool(false)) }
        #expect(object.members.count == 2)
    }
}
