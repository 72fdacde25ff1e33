extension UInt8: PostgresArrayElement {
    public static func encode(_ array: [UInt8], into parameters: inout PostgresParameters) throws {
        try parameters.append(binary: array)
    }

    public static func decodeArray(_ cell: PostgresCell) throws -> [UInt8] {
        try cell.require("[UInt8]", cell.type == .bytea)
        return try cell.withBytes { bytes in
            if cell.isBinary { return [UInt8](bytes) }
            guard let decoded = decodeHex(bytes) else { throw cell.error(expected: "[UInt8]", found: "no hex format") }
            return decoded
        }
    }

    /// Reads `\x` and pairs of hexadecimal digits: PostgreSQL's `bytea_output = hex`.
    private static func decodeHex(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
