import Testing

@testable import LiveKit

struct SignallingTests {
    private static func frame(_ opcode: UInt8, _ content: [UInt8], isLast: Bool = true) -> [UInt8] {
        let first = opcode | (isLast ? 0x80 : 0)
        if content.count < 126 { return [first, UInt8(content.count)] + content }
        return [first, 126, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }

    @Test func messagesArriveInAnyPieces() throws {
        let long = [UInt8](repeating: 7, count: 300)
        let stream =
            Self.frame(9, [1]) + Self.frame(2, [1, 2], isLast: false) + Self.frame(0, [3]) + Self.frame(2, long)
        for size in [1, 2, 5, stream.count] {
            var messages = WebSocketMessages()
            var received: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                messages.add(Array(stream[start..<min(start + size, stream.count)]))
                while let message = try messages.next() { received.append(message) }
            }
            #expect(received == [[1, 2, 3], long], "\(size) bytes at a time")
        }
    }

    @Test(arguments: [
        [0x82, 0x81, 0, 0, 0, 0, 1], [0xC2, 1, 0], [0x83, 1, 0], [0x82, 127, 0, 0, 0, 0, 0xFF, 0, 0, 0],
        [0x82, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func whatNoServerMaySendIsRefused(bytes: [UInt8]) {
        var messages = WebSocketMessages()
        messages.add(bytes)
        #expect(throws: WebSocketMessages.Failure.invalid) { try messages.next() }
    }

    @Test func aCloseIsTold() {
        var messages = WebSocketMessages()
        messages.add(Self.frame(8, [3, 232]))
        #expect(throws: WebSocketMessages.Failure.closed) { try messages.next() }
    }

    /// Serialised by LiveKit's own library: join with room RM_x "meeting" and participant PA_y "someone", among other fields.
    private static let join: [UInt8] = Array(
        hex: "0a3b0a180a04524d5f7812076d656574696e6718ac02288eac8ed80612150a0450415f791207736f6d656f6e65308eac8ed8"
            + "062206312e31332e35500f")

    @Test func joiningIsReadFromTheSignalResponse() {
        let joined = SignallingConnection.Joined(signalResponse: Self.join[...])
        #expect(
            joined
                == .init(roomSID: "RM_x", roomName: "meeting", participantSID: "PA_y", identity: "someone"))
    }

    @Test func anyCutOfTheResponseIsNoJoin() {
        for count in 0..<Self.join.count {
            let cut = SignallingConnection.Joined(signalResponse: Self.join.prefix(count))
            #expect(cut == nil, "\(count) bytes")
        }
    }
}

extension [UInt8] {
    fileprivate init(hex: String) {
        let digits = Array<Character>(hex)
        self = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
