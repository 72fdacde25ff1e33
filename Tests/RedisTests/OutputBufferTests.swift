import Testing

@testable import Redis

@Suite struct OutputBufferTests {
    @Test func aCommandIsAnArrayOfBulkStrings() {
        var buffer = OutputBuffer(capacity: 4)
        buffer.append(["SET", .bytes([0, 13, 10]), .integer(-120), "", .integer(.min)])
        let expected =
            Array("*5\r\n$3\r\nSET\r\n$3\r\n".utf8) + [0, 13, 10]
            + Array("\r\n$4\r\n-120\r\n$0\r\n\r\n$20\r\n-9223372036854775808\r\n".utf8)
        let seen = Array(buffer.readable)
        #expect(seen == expected)
    }

    @Test func longTextsAndManyArgumentsHaveTheirLengths() {
        var buffer = OutputBuffer()
        let long = String(repeating: "ö", count: 30_000)
        buffer.append([.text(long)] + Array(repeating: "a", count: 11))
        let expected = "*12\r\n$60000\r\n\(long)\r\n" + String(repeating: "$1\r\na\r\n", count: 11)
        let seen = Array(buffer.readable)
        #expect(seen == Array(expected.utf8))
    }

    @Test func bytesComeOutInOrderWhateverIsConsumedBetween() {
        var buffer = OutputBuffer(capacity: 64)
        var expected: [UInt8] = []
        var seen: [UInt8] = []
        for round in 0..<2_000 {
            buffer.append(["K", .integer(round)])
            let number = "\(round)"
            expected += Array("*2\r\n$1\r\nK\r\n$\(number.utf8.count)\r\n\(number)\r\n".utf8)
            let count = min(buffer.count, (round * 7) % 29)
            seen += Array(buffer.readable.prefix(count))
            buffer.consume(count)
        }
        seen += Array(buffer.readable)
        buffer.consume(buffer.count)
        let left = buffer.count
        #expect(seen == expected)
        #expect(left == 0)
    }

    @Test func aHugeCommandFits() {
        var buffer = OutputBuffer()
        buffer.append([.bytes([UInt8](repeating: 1, count: 5_000_000))])
        let size = buffer.count
        #expect(size == 5_000_000 + "*1\r\n$5000000\r\n\r\n".utf8.count)
        buffer.consume(size)
        buffer.append(["PING"])
        let seen = Array(buffer.readable)
        #expect(seen == Array("*1\r\n$4\r\nPING\r\n".utf8))
    }
}
