import FoundationEssentials

/// Something that happened in a meeting, as its timeline shows it.
public struct TimelineItem: Hashable, Sendable {
    public enum Source: String, Sendable, CaseIterable {
        /// The media server told it; see `details` for what became of it.
        case webhook
        /// Someone did it who may: from the audit log.
        case action
        /// It happened: people came and went, recordings changed, hands were raised.
        case meeting
    }

    public let id: UUID
    public let at: Date
    public let source: Source
    /// Such as `participant.joined`; for `Source.webhook` as the media server calls it.
    public let kind: String
    /// Whom it happened to.
    public let participantID: ParticipantID?
    public let participantName: String?
    /// Who did it; nil also for a host without an account.
    public let actorID: AccountID?
    public let actorName: String?
    /// It was not reported but found out by looking at the media server, later than it happened.
    public let isRepaired: Bool
    public let details: [String: String]

    public init(
        id: UUID, at: Date, source: Source, kind: String, participantID: ParticipantID?, participantName: String?,
        actorID: AccountID?, actorName: String?, isRepaired: Bool, details: [String: String]
    ) {
        self.id = id
        self.at = at
        self.source = source
        self.kind = kind
        self.participantID = participantID
        self.participantName = participantName
        self.actorID = actorID
        self.actorName = actorName
        self.isRepaired = isRepaired
        self.details = details
    }

    public var place: TimelinePlace { TimelinePlace(at: at, id: id) }
}

/// A place in a timeline, which is ordered by time and id. Clients treat its text as opaque.
public struct TimelinePlace: Hashable, Sendable, CustomStringConvertible {
    public let at: Date
    public let id: UUID

    /// Before everything.
    public static let beginning = TimelinePlace(
        at: Date(timeIntervalSince1970: 0), id: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    public init(at: Date, id: UUID) {
        self.at = at
        self.id = id
    }

    /// Reads what `description` wrote; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 49, bytes[0] == UInt8(ascii: "t"),
            let microseconds = Int(String(decoding: bytes[1..<17], as: UTF8.self), radix: 16),
            (0...Self.lastMicrosecond).contains(microseconds)
        else { return nil }
        let digits = bytes[17...].map { $0 }
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        guard
            let id = Identifier<Never>(groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-"))
        else { return nil }
        at = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        self.id = id.uuid
    }

    /// Of the year 9999.
    private static let lastMicrosecond = 253_402_300_799_000_000

    public var description: String {
        let microseconds = Int((at.timeIntervalSince1970 * 1_000_000).rounded())
        let time = String(max(0, microseconds), radix: 16)
        let digits = Identifier<Never>(id).description.utf8.filter { $0 != UInt8(ascii: "-") }
        return "t" + String(repeating: "0", count: 16 - time.count) + time + String(decoding: digits, as: UTF8.self)
    }
}

/// A piece of a timeline, oldest first.
public struct TimelinePage: Hashable, Sendable {
    public let items: [TimelineItem]
    /// Nil on the last page.
    public let next: TimelinePlace?
}
