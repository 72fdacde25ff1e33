/// Puts a server's WebSocket messages together from the bytes that arrive (RFC 6455, section 5).
struct WebSocketMessages {
    enum Failure: Error, Hashable {
        case closed
        case invalid
    }

    /// The most bytes of one message.
    static let limit = 1 << 20

    private var buffer: [UInt8] = []
    private var message: [UInt8] = []

    mutating func add(_ bytes: [UInt8]) { buffer += bytes }

    /// The next whole message; nil while it isn't there yet. Pings and pongs are passed over.
    mutating func next() throws(Failure) -> [UInt8]? {
        while let frame = try nextFrame() {
            switch frame.opcode {
            case 0, 1, 2:
                message += frame.content
                guard message.count <= Self.limit else { throw .invalid }
                guard frame.isLast else { continue }
                defer { message = [] }
                return message
            case 8: throw .closed
            case 9, 10: continue
            default: throw .invalid
            }
        }
        return nil
    }

    private mutating func nextFrame() throws(Failure) -> (opcode: UInt8, isLast: Bool, content: ArraySlice<UInt8>)? {
        guard buffer.count >= 2 else { return nil }
        // A server masks nothing, and extensions were not agreed on.
        guard buffer[1] & 0x80 == 0, buffer[0] & 0x70 == 0 else { throw .invalid }
        let extra = [126: 2, 127: 8][Int(buffer[1]), default: 0]
        guard buffer.count >= 2 + extra else { return nil }
        let length =
            extra == 0 ? UInt64(buffer[1]) : buffer[2..<2 + extra].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.limit else { throw .invalid }
        let end = 2 + extra + Int(length)
        guard buffer.count >= end else { return nil }
        let frame = (buffer[0] & 0x0F, buffer[0] & 0x80 != 0, buffer[2 + extra..<end])
        buffer.removeSubrange(..<end)
        return frame
    }
}
