public import FoundationEssentials

extension UUID: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            UUIDText.write(self, into: text)
            try parameters.append(text: UnsafeBufferPointer(text))
        }
    }

    public static func decode(_ cell: PostgresCell) throws -> UUID { try UUIDText.decode(cell) }
}

/// The forms of a UUID that PostgreSQL sends: 16 bytes, or 36 characters of RFC 9562 in lower case.
enum UUIDText {
    static func decode(_ cell: PostgresCell) throws -> UUID {
        try cell.require("UUID", cell.type == .uuid)
        guard cell.isBinary else {
            guard let value = UUID(uuidString: cell.text) else { throw cell.error(expected: "UUID") }
            return value
        }
        return try cell.withBytes { bytes in
            guard bytes.count == 16 else { throw cell.error(expected: "UUID") }
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }

    static func lowercase(_ value: UUID) -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            write(value, into: text)
            return 36
        }
    }

    /// Writes 36 characters. By hand: `uuidString` formats with snprintf.
    static func write(_ value: UUID, into text: UnsafeMutableBufferPointer<UInt8>) {
        var position = 0
        func put(_ byte: UInt8) {
            text[position] = byte
            position += 1
        }
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
        withUnsafeBytes(of: value.uuid) { bytes in
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { put(UInt8(ascii: "-")) }
                put(digit(byte >> 4))
                put(digit(byte & 15))
            }
        }
    }
}
