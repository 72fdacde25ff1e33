import Conference
import FoundationEssentials
import Platform

private let hexDigits = Array("0123456789abcdef".utf8)

extension JSONWriter {
    /// The text of one value.
    static func encode(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(value)
        return writer.bytes
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): write(value)
        case .integer(let value): write(value)
        case .number(let value): write(value)
        case .string(let value): write(value)
        case .array(let elements):
            array { writer in for element in elements { writer.write(element) } }
        case .object(let object):
            self.object { writer in
                for member in object.members {
                    writer.name(member.name)
                    writer.write(member.value)
                }
            }
        }
    }

    /// A time as RFC 3339 in UTC.
    mutating func write(_ date: Date) {
        writePlain { RFC3339.append(date, to: &$0) }
    }

    /// A UUID in small letters.
    mutating func write(_ uuid: UUID) {
        writePlain { bytes in
            withUnsafeBytes(of: uuid.uuid) { raw in
                for (index, byte) in raw.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
                    bytes.append(hexDigits[Int(byte >> 4)])
                    bytes.append(hexDigits[Int(byte & 15)])
                }
            }
        }
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
