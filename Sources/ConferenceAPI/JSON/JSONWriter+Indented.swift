import Platform

extension JSONWriter {
    /// The text of one value with one member or element a line, for people and for comparing line by line. What is empty
    /// stays on its line.
    static func encodeIndented(_ value: JSONValue) -> [UInt8] {
        var text: [UInt8] = []
        appendIndented(value, depth: 0, to: &text)
        return text
    }
}

private func appendIndented(_ value: JSONValue, depth: Int, to text: inout [UInt8]) {
    func newLine(_ depth: Int) {
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }
    func appendAll<Entry>(_ entries: [Entry], in brackets: (UInt8, UInt8), _ append: (Entry) -> Void) {
        text.append(brackets.0)
        for (index, entry) in entries.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            append(entry)
        }
        newLine(depth)
        text.append(brackets.1)
    }
    switch value {
    case .array(let elements) where !elements.isEmpty:
        appendAll(elements, in: (UInt8(ascii: "["), UInt8(ascii: "]"))) { element in
            appendIndented(element, depth: depth + 1, to: &text)
        }
    case .object(let object) where !object.members.isEmpty:
        appendAll(object.members, in: (UInt8(ascii: "{"), UInt8(ascii: "}"))) { member in
            text += JSONWriter.encode(.string(member.name)) + Array(": ".utf8)
            appendIndented(member.value, depth: depth + 1, to: &text)
        }
    default: text += JSONWriter.encode(value)
    }
}
