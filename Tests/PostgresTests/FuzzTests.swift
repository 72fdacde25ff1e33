import CLibpq
import FoundationEssentials
import TestSupport
import Testing

@testable import Postgres

/// Cells of any bytes in any type and both forms; see `Fuzz`.
@Suite struct FuzzTests {
    private static let types: [PostgresType] = [
        .bool, .bytea, .name, .int8, .int2, .int4, .text, .oid, .json, .float4, .float8, .unknown, .nameArray,
        .textArray,
        .varcharArray, .int8Array, .bpchar, .varchar, .timestamptz, .numeric, .void, .uuid, .uuidArray, .jsonb,
    ]

    /// A result of one row and one column, as libpq would have made it of what a server sent.
    private static func result(_ bytes: [UInt8]?, _ type: PostgresType, isBinary: Bool) throws -> PostgresResult {
        let pointer = try #require(PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK))
        let name = Array("c".utf8CString)
        name.withUnsafeBufferPointer { name in
            var column = PGresAttDesc(
                name: UnsafeMutablePointer(mutating: name.baseAddress), tableid: 0, columnid: 0,
                format: isBinary ? 1 : 0,
                typid: type.rawValue, typlen: -1, atttypmod: -1)
            let isSet = PQsetResultAttrs(pointer, 1, &column)
            #expect(isSet == 1)
        }
        var value = (bytes ?? []).map { CChar(bitPattern: $0) } + [0]
        let isSet = value.withUnsafeMutableBufferPointer { value in
            PQsetvalue(pointer, 0, 0, bytes == nil ? nil : value.baseAddress, Int32(bytes?.count ?? -1))
        }
        #expect(isSet == 1)
        return PostgresResult(owning: pointer)
    }

    @Test func anyBytesAreReadOrRefused() throws {
        let texts = [
            "t", "{}", "{1,NULL}", "{\"a\\\"b\",\"\"}", "{{1}}", "2026-11-23 22:55:49.123456+00", "infinity", "\\x00ff",
            "1e5",
            "NaN", "-9223372036854775808", "01900000-0000-7000-8000-000000000001", "\u{1}{\"a\":1}", "{\"a\\",
        ]
        try Fuzz.cases(count: 5000) { fuzz in
            let isBinary = fuzz.chance(0.5)
            let original = isBinary ? fuzz.bytes(upTo: fuzz.pick([2, 8, 16, 40])) : Array(fuzz.pick(texts).utf8)
            var bytes: [UInt8]? =
                fuzz.chance(0.3) ? original : fuzz.mutated(original, using: Array("{}\",\\N0129:-+.".utf8))
            if fuzz.chance(0.05) { bytes = nil }
            let result = try Self.result(bytes, fuzz.pick(Self.types), isBinary: isBinary)
            let row = try #require(result.rows.first)
            _ = try? row.get(0, as: Bool.self)
            _ = try? row.get(0, as: Int.self)
            _ = try? row.get(0, as: Int32.self)
            _ = try? row.get(0, as: Int16.self)
            _ = try? row.get(0, as: Double.self)
            _ = try? row.get(0, as: String.self)
            _ = try? row.get(0, as: Date.self)
            _ = try? row.get(0, as: UUID.self)
            _ = try? row.get(0, as: [UInt8].self)
            _ = try? row.get(0, as: [String].self)
            _ = try? row.get(0, as: [UUID].self)
            _ = try? row.get(0, as: [Int].self)
            _ = try? row.get(0, as: PostgresJSON.self)
            let optional = try? row.get(0, as: String?.self)
            if bytes == nil { try #require(optional == .some(nil)) }
        }
    }

    @Test func arraysAreReadAsTheyWereWritten() throws {
        try Fuzz.cases { fuzz in
            let array = (0..<fuzz.number(0...5)).map { _ in
                fuzz.text(of: ["a", "\\", "\"", ",", "{", "}", "NULL", " ", "é", ""], upTo: 4)
            }
            let text = ArrayText.write(array)
            let cell = try Self.result(Array(text.utf8), .textArray, isBinary: false)
            try #require(try #require(cell.rows.first).get(0, as: [String].self) == array, "\(text)")
        }
    }

    @Test func textAndBinaryMeanTheSame() throws {
        try Fuzz.cases { fuzz in
            let number = Int64(bitPattern: fuzz.next()) >> fuzz.number(0...63)
            let wide = withUnsafeBytes(of: number.bigEndian) { Array($0) }
            for (bytes, isBinary) in [(Array("\(number)".utf8), false), (wide, true)] {
                let row = try #require(try Self.result(bytes, .int8, isBinary: isBinary).rows.first)
                try #require(try row.get(0, as: Int.self) == Int(number))
            }
            let stamp = PostgresTimestamp(
                microseconds: Int64(fuzz.number(-63_082_281_600_000_000...252_455_615_999_999_999)))
            let binary = withUnsafeBytes(of: stamp.microseconds.bigEndian) { Array($0) }
            let dates = try [(Array(stamp.text.utf8), false), (binary, true)].map { bytes, isBinary in
                try #require(try Self.result(bytes, .timestamptz, isBinary: isBinary).rows.first).get(0, as: Date.self)
            }
            try #require(dates[0] == dates[1], "\(stamp.text)")
        }
    }

    @Test func addressesOfDatabasesAreReadOrRefusedWithoutTheirPassword() throws {
        let url = "postgresql://user:s3cr3t@db.example.org:5432/name?sslmode=require&connect_timeout=5"
        try Fuzz.cases { fuzz in
            let text = String(decoding: fuzz.mutated(Array(url.utf8), using: Array(":/@?&=%[]#, ".utf8)), as: UTF8.self)
            do {
                _ = try PostgresConfiguration(url: text)
            } catch {
                try #require(!"\(error)".contains("s3cr3t"), "\(text): \(error)")
            }
        }
    }
}
