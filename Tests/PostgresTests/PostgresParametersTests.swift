import FoundationEssentials
import Testing

@testable import Postgres

@Suite struct PostgresParametersTests {
    private struct Mute: PostgresEncodable {
        func encode(into parameters: inout PostgresParameters) throws {}
    }

    private func texts(_ values: [(any PostgresEncodable)?]) throws -> [String?] {
        try PostgresParameters(values, maximumBytes: 1000).withArrays { values, _, _ in
            values.map { $0.map { String(cString: $0) } }
        }
    }

    @Test func writesEachTypeInPostgreSQLsTextForm() throws {
        let id = try #require(UUID(uuidString: "0192F0C1-7E5A-7B1C-9D3E-0123456789AB"))
        let values: [(any PostgresEncodable)?] = [
            true, false, Int16.min, Int32.max, -5, 0.1, Double.infinity, -Double.infinity, Double.nan, "héllo", nil, id,
            Date(timeIntervalSinceReferenceDate: 0.25), ["a", "b\"\\,{}", ""], [id], [1, -2], PostgresJSON("{}"),
        ]
        #expect(
            try texts(values) == [
                "t", "f", "-32768", "2147483647", "-5", "0.1", "Infinity", "-Infinity", "NaN", "héllo", nil,
                "0192f0c1-7e5a-7b1c-9d3e-0123456789ab", "2001-01-01 00:00:00.250000+00",
                #"{"a","b\"\\,{}",""}"#, "{0192F0C1-7E5A-7B1C-9D3E-0123456789AB}", "{1,-2}", "{}",
            ])
    }

    @Test func sendsBytesAsTheyAre() throws {
        let parameters = try PostgresParameters([[UInt8]([0, 1, 255]), [UInt8]()], maximumBytes: 1000)
        parameters.withArrays { values, lengths, formats in
            #expect(lengths == [3, 0])
            #expect(formats == [1, 1])
            #expect(values.allSatisfy { $0 != nil })
        }
    }

    @Test func refusesNulInText() {
        let error = #expect(throws: PostgresError.self) {
            try PostgresParameters(["fine", "a\0b"], maximumBytes: 1000)
        }
        #expect("\(String(describing: error))".contains("$2 contains a NUL character"))
    }

    @Test func refusesMoreParametersThanTheProtocolCounts() throws {
        _ = try PostgresParameters(Array(repeating: 1, count: 65_535), maximumBytes: 1_000_000)
        let error = #expect(throws: PostgresError.self) {
            try PostgresParameters(Array(repeating: 1, count: 65_536), maximumBytes: 1_000_000)
        }
        #expect("\(String(describing: error))".contains("at most 65535"))
    }

    @Test func refusesWhatIsTooLarge() {
        #expect(throws: PostgresError.self) { try PostgresParameters(["123456"], maximumBytes: 5) }
        #expect(throws: PostgresError.self) {
            try PostgresParameters([[UInt8](repeating: 0, count: 6)], maximumBytes: 5)
        }
    }

    @Test func refusesATypeThatWritesNothing() {
        #expect(throws: PostgresError.self) { try PostgresParameters([Mute()], maximumBytes: 5) }
    }
}
