/// Finds and replaces members of a JSON object in its text, so that everything else stays exactly as it was written.
enum JSONMembers {
    /// The text of `object` with these members' values.
    ///
    /// - Parameters:
    ///   - object: the text of a valid JSON object.
    ///   - members: names that the object has without escapes and whose values are no strings, arrays or objects; and
    ///     new values as JSON text.
    static func replacing(in object: String, _ members: [(name: String, value: String)]) -> String {
        let bytes = Array(object.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 32)
        var copied = 0
        for found in names(in: bytes) {
            let name = bytes[found.name]
            guard let member = members.first(where: { name.elementsEqual($0.name.utf8) }) else { continue }
            result.append(contentsOf: bytes[copied...found.colon])
            result.append(contentsOf: member.value.utf8)
            copied = endOfScalar(bytes, from: found.colon + 1)
        }
        result.append(contentsOf: bytes[copied...])
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether the object has these members under names without escapes; a valid JSON object.
    static func has(_ names: [String], in object: String) -> Bool {
        let bytes = Array(object.utf8)
        let found = JSONMembers.names(in: bytes)
        return names.allSatisfy { name in found.contains { bytes[$0.name].elementsEqual(name.utf8) } }
    }

    /// Where the names of the object's own members stand, and the colons behind them.
    private static func names(in bytes: [UInt8]) -> [(name: Range<Int>, colon: Int)] {
        var names: [(Range<Int>, Int)] = []
        var depth = 0
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = position + 1
                position = endOfString(bytes, from: start)
                if depth == 1, let colon = colon(bytes, after: position) { names.append((start..<position, colon)) }
            default: break
            }
            position += 1
        }
        return names
    }

    /// The position of the closing quote.
    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position
    }

    /// The position of a colon that makes the string before it a member's name.
    private static func colon(_ bytes: [UInt8], after quote: Int) -> Int? {
        var position = quote + 1
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
        return position < bytes.count && bytes[position] == UInt8(ascii: ":") ? position : nil
    }

    /// Behind the number, `true`, `false` or `null` that begins here, after white space.
    private static func endOfScalar(_ bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? bytes.count
    }
}
