import Testing

@testable import Redis

@Suite struct ReplyReaderTests {
    private static let stream: [UInt8] = {
        var bytes = Array("+OK\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n-WRONGTYPE no list\r\n*0\r\n".utf8)
        bytes += Array("*3\r\n$3\r\na\r\n\r\n*2\r\n:1\r\n*1\r\n$-1\r\n-ERR inner\r\n".utf8)
        bytes += Array("$5\r\n".utf8) + [0, 255, 13, 10, 0] + Array("\r\n".utf8)
        bytes += Array("$300\r\n".utf8) + [UInt8](repeating: 0x78, count: 300) + Array("\r\n".utf8)
        return bytes
    }()

    private static let values: [RedisValue] = [
        .status("OK"), .integer(-42), .null, .null, .bytes([]),
        .error(RedisServerError(message: "WRONGTYPE no list")), .array([]),
        .array([
            .bytes(Array("a\r\n".utf8)), .array([.integer(1), .array([.null])]),
            .error(RedisServerError(message: "ERR inner")),
        ]),
        .bytes([0, 255, 13, 10, 0]), .bytes([UInt8](repeating: 0x78, count: 300)),
    ]

    private func read(_ pieces: [ArraySlice<UInt8>]) throws -> [RedisValue] {
        let reader = ReplyReader()
        var values: [RedisValue] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try reader.feed($0) }
            while let value = try reader.next() { values.append(value) }
        }
        return values
    }

    @Test func repliesAreTheSameSplitAtEveryBoundary() throws {
        let stream = Self.stream
        for boundary in 0...stream.count {
            #expect(try read([stream[..<boundary], stream[boundary...]]) == Self.values)
        }
    }

    @Test func repliesAreTheSameByteByByte() throws {
        #expect(try read(Self.stream.indices.map { Self.stream[$0...$0] }) == Self.values)
    }

    @Test func aBigReplyComesWhole() throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let stream = Array("$3000000\r\n".utf8) + body + Array("\r\n".utf8)
        let pieces = stride(from: 0, to: stream.count, by: 65_537).map { stream[$0..<min($0 + 65_537, stream.count)] }
        #expect(try read(pieces) == [.bytes(body)])
    }

    @Test func arraysNestSevenDeep() throws {
        let stream = Array((String(repeating: "*1\r\n", count: 7) + ":7\r\n").utf8)
        var value = try #require(try read([stream[...]]).first)
        for _ in 0..<7 { value = try #require(value.array?.first) }
        #expect(value == .integer(7))
    }

    @Test func bytesOfAnotherProtocolAreAnError() {
        let error = #expect(throws: RedisError.self) { try read([Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)[...]]) }
        #expect(error?.code == "redis_unavailable")
        #expect(error?.description.contains("not the Redis protocol") == true)
    }
}
