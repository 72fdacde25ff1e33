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

    public var description: String { uuid.uuidString.lowercased() }

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
