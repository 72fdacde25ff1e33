import FoundationEssentials

/// The identity of one `Entity`. Distinct types keep a meeting's id from being passed where an account's is meant.
///
/// Values are version 7 UUIDs (RFC 9562): they sort by creation time. The text form is lower case.
public struct Identifier<Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let uuid: UUID

    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the usual text form (RFC 9562, section 4), in small or capital letters; nil when `text` isn't a UUID.
    public init?(_ text: String) {
        // By hand: `UUID(uuidString:)` scans with strtoul, and every request has an id in its path.
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        var text = text
        let isRead = text.withUTF8 { text in
            withUnsafeMutableBytes(of: &value) { Self.read(text, into: $0) }
        }
        guard isRead else { return nil }
        uuid = UUID(uuid: value)
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        guard text.count == 36 else { return false }
        var position = 0
        for index in bytes.indices {
            if index == 4 || index == 6 || index == 8 || index == 10 {
                guard text[position] == UInt8(ascii: "-") else { return false }
                position += 1
            }
            guard let high = value(of: text[position]), let low = value(of: text[position + 1]) else { return false }
            bytes[index] = high << 4 | low
            position += 2
        }
        return true
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    public var description: String {
        // By hand: `uuidString` formats with snprintf, and every request needs several.
        String(unsafeUninitializedCapacity: 36) { text in
            var length = 0
            func put(_ byte: UInt8) {
                text[length] = byte
                length += 1
            }
            withUnsafeBytes(of: uuid.uuid) { bytes in
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 { put(UInt8(ascii: "-")) }
                    put(Self.digit(byte >> 4))
                    put(Self.digit(byte & 15))
                }
            }
            return length
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    public static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        uuid = try decoder.singleValueContainer().decode(UUID.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

public typealias AccountID = Identifier<Account>
public typealias MeetingID = Identifier<Meeting>
public typealias ParticipantID = Identifier<Participant>
public typealias RecordingID = Identifier<Recording>
