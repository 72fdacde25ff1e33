public import FoundationEssentials

extension String: PostgresArrayElement {
    public static func encode(_ array: [String], into parameters: inout PostgresParameters) throws {
        try parameters.append(text: ArrayText.write(array))
    }

    public static func decodeArray(_ cell: PostgresCell) throws -> [String] {
        try cell.require("[String]", [.textArray, .varcharArray, .nameArray].contains(cell.type))
        return try ArrayText.elements(cell, expected: "[String]") { String(decoding: $0, as: UTF8.self) }
    }
}

extension UUID: PostgresArrayElement {
    public static func encode(_ array: [UUID], into parameters: inout PostgresParameters) throws {
        try parameters.append(text: "{" + array.map(\.uuidString).joined(separator: ",") + "}")
    }

    public static func decodeArray(_ cell: PostgresCell) throws -> [UUID] {
        try cell.require("[UUID]", cell.type == .uuidArray)
        return try ArrayText.elements(cell, expected: "[UUID]") { bytes in
            if cell.isBinary { return bytes.count == 16 ? UUID(uuid: bytes.loadUnaligned(as: uuid_t.self)) : nil }
            return UUID(uuidString: String(decoding: bytes, as: UTF8.self))
        }
    }
}

extension Int: PostgresArrayElement {
    public static func encode(_ array: [Int], into parameters: inout PostgresParameters) throws {
        try parameters.append(text: "{" + array.map(String.init).joined(separator: ",") + "}")
    }

    public static func decodeArray(_ cell: PostgresCell) throws -> [Int] {
        try cell.require("[Int]", cell.type == .int8Array)
        return try ArrayText.elements(cell, expected: "[Int]") { bytes in
            if cell.isBinary {
                return bytes.count == 8 ? Int(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))) : nil
            }
            return Int(String(decoding: bytes, as: UTF8.self))
        }
    }
}

/// The two forms of a one-dimensional array without nulls: PostgreSQL's documentation, "Array Input and Output Syntax",
/// and `array_send` for the binary one.
enum ArrayText {
    static func write(_ elements: [String]) -> String {
        let quoted = elements.map { element in
            "\"" + element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }

    static func elements<Element>(
        _ cell: PostgresCell, expected: String, _ read: (UnsafeRawBufferPointer) -> Element?
    ) throws -> [Element] {
        let elements = cell.withBytes { cell.isBinary ? readBinary($0, read) : readText($0, read) }
        guard let elements else {
            throw cell.error(expected: expected, found: "\(cell.type) with a null or more than one dimension")
        }
        return elements
    }

    private static func readBinary<Element>(
        _ bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Element?
    ) -> [Element]? {
        func number(at offset: Int) -> Int? {
            guard offset + 4 <= bytes.count else { return nil }
            return Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        guard let dimensions = number(at: 0) else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = number(at: 12), count >= 0 else { return nil }
        var elements: [Element] = []
        var offset = 20
        for _ in 0..<count {
            guard let length = number(at: offset), length >= 0, offset + 4 + length <= bytes.count else { return nil }
            let slice = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 4 + length)])
            guard let element = read(slice) else { return nil }
            elements.append(element)
            offset += 4 + length
        }
        return elements
    }

    static func readText<Element>(
        _ bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Element?
    ) -> [Element]? {
        guard let items = split(bytes) else { return nil }
        var elements: [Element] = []
        for item in items {
            guard let element = item.withUnsafeBytes(read) else { return nil }
            elements.append(element)
        }
        return elements
    }

    /// - Returns: nil for nulls, inner arrays and what isn't an array.
    private static func split(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]]? {
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return nil }
        var items: [[UInt8]] = []
        var item: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var position = 1
        func isNull() -> Bool { !wasQuoted && item.elementsEqual("NULL".utf8) }
        while position < bytes.count - 1 {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\\"):
                item.append(bytes[position])
                position += 1
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                wasQuoted = true
            case UInt8(ascii: ",") where !isQuoted:
                if isNull() { return nil }
                items.append(item)
                item = []
                wasQuoted = false
            case UInt8(ascii: "{") where !isQuoted: return nil
            default: item.append(byte)
            }
        }
        if isNull() { return nil }
        if wasQuoted || !item.isEmpty || !items.isEmpty { items.append(item) }
        return items
    }
}
