import Conference
import FoundationEssentials

extension JSONWriter {
    /// A time as RFC 3339 in UTC.
    mutating func write(_ date: Date) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        RFC3339.append(date, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A UUID in small letters.
    mutating func write(_ uuid: UUID) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        withUnsafeBytes(of: uuid.uuid) { raw in
            for (index, byte) in raw.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
                bytes.append(JSONWriter.hexDigits[Int(byte >> 4)])
                bytes.append(JSONWriter.hexDigits[Int(byte & 15)])
            }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    mutating func member(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { write(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Int?) {
        self.name(name)
        if let value { write(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Double?) {
        self.name(name)
        if let value { write(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        write(value)
    }

    mutating func member(_ name: StaticString, _ value: Date?) {
        self.name(name)
        if let value { write(value) } else { null() }
    }

    mutating func member<Entity>(_ name: StaticString, _ id: Identifier<Entity>) {
        self.name(name)
        write(id.uuid)
    }

    mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    mutating func array(_ name: StaticString, _ elements: (inout JSONWriter) -> Void) {
        self.name(name)
        array(elements)
    }
}
