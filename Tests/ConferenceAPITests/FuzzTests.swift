import Conference
import FoundationEssentials
import HTTPServer
import Platform
import TestSupport
import Testing

@testable import ConferenceAPI

/// Random JSON, times, cookies and contents of requests; see `Fuzz`.
@Suite struct FuzzTests {
    static func value(_ fuzz: inout Fuzz, depth: Int = 0) -> JSONValue {
        switch fuzz.number(0...(depth < 4 ? 8 : 5)) {
        case 0: return fuzz.pick([.null, .bool(true), .bool(false)])
        case 1: return .integer(fuzz.pick([0, -1, 5, .max, .min, 1 << 53, 99_999]))
        case 2: return .number(Double(bitPattern: fuzz.next()).isFinite ? Double(fuzz.number(-9...9)) / 8 : 1e300)
        case 3, 4, 5: return .string(fuzz.text(upTo: 8))
        case 6: return .array((0..<fuzz.number(0...4)).map { _ in value(&fuzz, depth: depth + 1) })
        default:
            let members = (0..<fuzz.number(0...4)).map {
                (name: "\($0)\(fuzz.text(upTo: 3))", value: value(&fuzz, depth: depth + 1))
            }
            return .object(JSONObject(members))
        }
    }

    /// A number without fraction is read as an integer.
    static func asRead(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): Int(exactly: number).map { .integer($0) } ?? value
        case .array(let elements): .array(elements.map(asRead))
        case .object(let object): .object(JSONObject(object.members.map { (name: $0.name, value: asRead($0.value)) }))
        default: value
        }
    }

    @Test func whatWasWrittenIsRead() throws {
        try Fuzz.cases { fuzz in
            let value = Self.value(&fuzz)
            try #require(try JSONParser.parse(JSONWriter.encode(value)) == Self.asRead(value))
        }
    }

    /// What is taken is JSON to Foundation too, and means the same when it is written again.
    @Test func brokenJSONIsRefusedOrMeansOneThing() throws {
        struct Anything: Decodable { init(from decoder: any Decoder) throws {} }
        let alphabet = Array("{}[]\",:\\u0dD8eE+-.19tfn \n".utf8)
        try Fuzz.cases(count: 3000) { fuzz in
            let bytes = fuzz.mutated(JSONWriter.encode(Self.value(&fuzz)), using: alphabet)
            guard let value = try? JSONParser.parse(bytes) else { return }
            let text = String(decoding: bytes, as: UTF8.self)
            try #require((try? JSONDecoder().decode(Anything.self, from: Data(bytes))) != nil, "\(text)")
            try #require(try JSONParser.parse(JSONWriter.encode(value)) == value, "\(text)")
            if case .object(let object) = value, let source = object.source {
                try #require(try JSONParser.parse(Array(bytes[source])) == value, "\(text)")
            }
        }
    }

    @Test func timesAreReadAsTheyWereWritten() throws {
        try Fuzz.cases { fuzz in
            let moment = Date(
                timeIntervalSince1970: Double(fuzz.number(-62_135_596_800_000...253_402_300_799_999)) / 1000)
            let text = RFC3339.format(moment)
            let read = try #require(RFC3339.parse(text), "\(text)")
            try #require(abs(read.timeIntervalSince(moment)) < 0.002, "\(text)")
            let other = String(
                decoding: fuzz.mutated(Array(text.utf8), using: Array("0129-:T+Z. ".utf8)), as: UTF8.self)
            if let read = RFC3339.parse(other) { try #require(RFC3339.parse(RFC3339.format(read)) != nil, "\(other)") }
        }
    }

    /// A session is found where its cookie is, and a second one of that name makes both worth nothing.
    @Test func aSessionIsFoundAmongOtherCookies() throws {
        let cookie = Cookie(isSecure: false)
        let others = [
            "sessions=x", "xsession=x", "a=session=1", "session", "=session", "b", "", " ", "c=\"d\"", "Session=no",
        ]
        try Fuzz.cases { fuzz in
            let sent = (0..<fuzz.pick([0, 1, 1, 1, 2])).map { _ in "session=\(fuzz.pick(["one", "two", "a=b", ""]))" }
            var pairs = (0..<fuzz.number(0...4)).map { _ in fuzz.pick(others) } + sent
            pairs.shuffle(using: &fuzz)
            var headers = HTTPHeaders()
            let cut = fuzz.number(0...pairs.count)
            for part in [pairs[..<cut], pairs[cut...]] where !part.isEmpty {
                headers.add("Cookie", part.joined(separator: fuzz.pick(["; ", ";", ";  "])))
            }
            let request = HTTPRequest(method: .get, path: "/", headers: headers, clientAddress: "192.0.2.1", id: "1")
            let expected = Set(sent).count == 1 ? sent[0].dropFirst(8) : ""
            try #require(cookie.value(in: request) ?? "" == expected, "\(headers.values("Cookie"))")
        }
    }

    @Test func conditionsOfAnyTextMatchOnlyTheirVersion() throws {
        try Fuzz.cases { fuzz in
            let text = fuzz.text(of: ["\"7\"", "\"8\"", "W/", ",", " ", "*", "\"", "7", "\t", "é"], upTo: 6)
            guard EntityTags(text).contains(7) else { return }
            try #require(text == "*" || text.contains("\"7\""), "\(text)")
        }
    }

    /// Contents near to those that fit, as everyone, to every operation that takes one: an answer that is declared, never 500.
    @Test func noContentMakesAnOperationFail() async throws {
        let operations = Operations(try await TestAPI().dependencies).all.filter { $0.content != nil }
        #expect(operations.count > 15)
        try await Fuzz.cases(count: 150) { fuzz in
            let operation = fuzz.pick(operations)
            let example = AuthorisationTests.contents[operation.id] ?? operation.content?.example ?? .null
            let content = Self.changed(example, &fuzz)
            let bytes = fuzz.chance(0.2) ? fuzz.mutated(JSONWriter.encode(content)) : JSONWriter.encode(content)
            let caller = fuzz.pick([AuthorisationTests.Caller.account(\.ben), .account(\.ada), .guest(admitted: true)])
            let response = try await TestAPI().call(operation.id, as: caller, bytes: bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            let isDeclared =
                operation.answers.contains { $0.status == response.status }
                || operation.allProblems.contains { $0.status == response.status && $0.code == response.code }
            try #require(
                isDeclared && response.status.rawValue < 500, "\(operation.id): \(response.status) for \(text)")
        }
    }

    /// Some members of it, some others, some of another kind.
    private static func changed(_ value: JSONValue, _ fuzz: inout Fuzz) -> JSONValue {
        if fuzz.chance(0.15) { return Self.value(&fuzz) }
        switch value {
        case .object(let object):
            var members = object.members.filter { _ in fuzz.chance(0.9) }.map {
                (name: $0.name, value: changed($0.value, &fuzz))
            }
            if fuzz.chance(0.1) { members.append((name: fuzz.text(upTo: 4), value: Self.value(&fuzz))) }
            return .object(JSONObject(members))
        case .array(let elements):
            let kept = elements.map { changed($0, &fuzz) }
            return .array(fuzz.chance(0.2) ? kept + kept : kept)
        case .string(let text):
            return .string(fuzz.chance(0.3) ? String(decoding: fuzz.mutated(Array(text.utf8)), as: UTF8.self) : text)
        case .integer(let number): return .integer(fuzz.chance(0.3) ? fuzz.pick([0, -1, .max, .min, number]) : number)
        default: return value
        }
    }
}
