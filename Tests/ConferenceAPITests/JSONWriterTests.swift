import FoundationEssentials
import Platform
import Testing

@testable import ConferenceAPI

struct JSONWriterTests {
    private func text(_ value: JSONValue) -> String { String(decoding: JSONWriter.encode(value), as: UTF8.self) }

    @Test func writesNestedValuesWithTheirCommas() {
        let value: JSONValue = ["a": [1, [], [:], "x"], "b": .null, "c": ["d": false, "e": -7], "f": 0.25]
        #expect(text(value) == #"{"a":[1,[],{},"x"],"b":null,"c":{"d":false,"e":-7},"f":0.25}"#)
    }

    @Test func escapesWhatMustBe() {
        #expect(
            text("\u{0}\u{1f}\"\\\n\u{7f}\u{e9}\u{1F600}/") == "\"\\u0000\\u001f\\\"\\\\\\n\u{7f}\u{e9}\u{1F600}/\"")
    }

    @Test func writesNumbersToTheirLimits() {
        #expect(text([.integer(.min), .integer(.max), 0]) == "[-9223372036854775808,9223372036854775807,0]")
        #expect(text([.number(.infinity), .number(.nan)]) == "[null,null]")
    }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let value = randomValue(depth: 4, &generator)
            #expect(try JSONParser.parse(JSONWriter.encode(value)) == value)
        }
    }

    @Test func writesTimesInUTCWithMilliseconds() {
        #expect(RFC3339.format(Date(timeIntervalSince1970: 0)) == "1970-01-01T00:00:00.000Z")
        #expect(RFC3339.format(Date(timeIntervalSince1970: 951_782_400.5)) == "2000-02-29T00:00:00.500Z")
        #expect(RFC3339.format(Date(timeIntervalSince1970: -1)) == "1969-12-31T23:59:59.000Z")
        #expect(RFC3339.format(Date(timeIntervalSince1970: 4_102_444_799)) == "2099-12-31T23:59:59.000Z")
    }

    private func randomValue(depth: Int, _ generator: inout SystemRandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: .min ... .max, using: &generator))
        case 3: return .number(Double.random(in: 0..<1, using: &generator) + 0.000_001)
        case 4:
            let scalars = (0..<Int.random(in: 0..<8, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &generator))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 5: return .array((0..<3).map { _ in randomValue(depth: depth - 1, &generator) })
        default:
            return .object(
                JSONObject((0..<3).map { (name: "n\($0)", value: randomValue(depth: depth - 1, &generator)) }))
        }
    }
}
