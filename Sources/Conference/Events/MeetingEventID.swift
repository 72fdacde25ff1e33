/// Where an event stands among those of its meeting: later ones are greater. Clients treat its text as opaque.
public struct MeetingEventID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let milliseconds: UInt64
    /// Among the events of one millisecond.
    public let sequence: UInt64

    public init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Reads what `description` wrote, and nothing else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1]),
            text == "\(milliseconds)-\(sequence)"
        else { return nil }
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    public var description: String { "\(milliseconds)-\(sequence)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }
}
