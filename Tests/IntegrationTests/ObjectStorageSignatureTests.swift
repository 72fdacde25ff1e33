import FoundationEssentials
import Glibc
import HTTPClient
import TestSupport
import Testing

@testable import ObjectStorage

/// Our signatures beside those of botocore, Amazon's own library, on random requests.
@Suite(.timeLimit(.minutes(2)))
struct ObjectStorageSignatureTests {
    struct Vector: Decodable {
        let method: String
        let endpoint: String
        let bucket: String
        let key: String?
        let query: [[String]]
        let headers: [[String]]
        let payload: String?
        let region: String
        let accessKey: String
        let secretKey: String
        let expires: Int
        let timestamp: String
        let authorization: String
        let payloadHash: String
        let presignedTimestamp: String
        let presignedSignedHeaders: String
        let presignedSignature: String
    }

    @Test func signaturesAreThoseOfBotocore() async throws {
        let seed = Fuzz.number("FUZZ_SEED").map(Int.init) ?? .random(in: 0..<1_000_000)
        let count = Fuzz.number("FUZZ_CASES").map(Int.init) ?? 600
        let vectors = try await onThreadOfItsOwn { try Self.vectors(seed: seed, count: count) }
        #expect(vectors.count == count)
        for vector in vectors {
            let configuration = try ObjectStorageConfiguration(
                endpoint: vector.endpoint, accessKey: vector.accessKey, secretKey: vector.secretKey,
                bucket: vector.bucket, region: vector.region)
            let operation = Self.operation(vector)
            let hash = await operation.payloadHash()
            try #require(hash == vector.payloadHash, "seed \(seed)")

            let date = try Self.date(vector.timestamp)
            let request = operation.signed(configuration, payloadHash: hash, at: date, idle: .seconds(1))
            try #require(request.headers["Authorization"] == vector.authorization, "seed \(seed): \(vector)")

            let presigned = configuration.signature.presignedQuery(
                for: SignatureV4.Request(
                    method: vector.method, path: operation.path(in: vector.bucket), query: operation.query,
                    headers: operation.headers + [("host", configuration.host)]),
                expires: .seconds(vector.expires), at: SignatureTime(timestamp: vector.presignedTimestamp))
            let signedHeaders = PercentEncoding.encode(vector.presignedSignedHeaders)
            try #require(presigned.contains("X-Amz-SignedHeaders=\(signedHeaders)"), "seed \(seed): \(vector)")
            let ending = "&X-Amz-Signature=\(vector.presignedSignature)"
            try #require(presigned.hasSuffix(ending), "seed \(seed): \(vector)")
        }
    }

    private static func operation(_ vector: Vector) -> Operation {
        Operation(
            name: "Test", method: vector.method, key: vector.key, query: vector.query.map { ($0[0], $0[1]) },
            headers: vector.headers.map { ($0[0], $0[1]) },
            body: vector.payload.map { .bytes(Array($0.utf8)) } ?? .stream(length: 0) { nil })
    }

    private static func date(_ timestamp: String) throws -> Date {
        var parts = tm()
        let numbers = timestamp.compactMap(\.wholeNumberValue)
        try #require(numbers.count == 14)
        func number(_ range: Range<Int>) -> Int32 { numbers[range].reduce(0) { $0 * 10 + Int32($1) } }
        parts.tm_year = number(0..<4) - 1900
        parts.tm_mon = number(4..<6) - 1
        parts.tm_mday = number(6..<8)
        parts.tm_hour = number(8..<10)
        parts.tm_min = number(10..<12)
        parts.tm_sec = number(12..<14)
        return Date(timeIntervalSince1970: Double(timegm(&parts)))
    }

    private static func vectors(seed: Int, count: Int) throws -> [Vector] {
        let python = try TestEnvironment.require("TEST_S3_PYTHON")
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let command = "'\(python)' '/\(tests)/System/sigv4_vectors.py' \(seed) \(count)"
        let pipe = try #require(popen(command, "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let length = fread(&buffer, 1, buffer.count, pipe), length > 0 {
            output.append(contentsOf: buffer[..<length])
        }
        try #require(pclose(pipe) == 0, "\(command) failed; TEST_S3_PYTHON needs botocore")
        let decoder = JSONDecoder()
        return try output.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Vector.self, from: Data($0)) }
    }
}
