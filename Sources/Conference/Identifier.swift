import FoundationEssentials

/// The identity of one `Entity`. Distinct types keep a meeting's id from being passed where an account's is meant.
///
/// Values are version 7 UUIDs (RFC 9562): they sort by creation time. The text form is lower case.
public struct Identifier<Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let uuid: UUID

    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the canonical text form; nil when `text` isn't a UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
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
