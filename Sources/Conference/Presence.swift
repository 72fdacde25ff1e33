import FoundationEssentials

/// Someone who is in a meeting now.
public struct PresentParticipant: Codable, Hashable, Sendable {
    /// The participant's identity in the media server's room.
    public let identity: String
    public let displayName: String
    public let joinedAt: Date

    public init(identity: String, displayName: String, joinedAt: Date) {
        self.identity = identity
        self.displayName = displayName
        self.joinedAt = joinedAt
    }
}

/// The presence store does not answer; the database's participants are the second-best source.
public struct PresenceUnavailable: Error, Sendable, CustomStringConvertible {
    public let reason: String

    public init(reason: String) { self.reason = reason }

    public var description: String { "presence is unavailable: \(reason)" }
}

/// Who is in which meeting now. An entry that nobody touches goes away by itself.
///
/// Every function throws ``PresenceUnavailable`` while the store is away.
public protocol PresenceTracking: Sendable {
    /// Adds a participant, or replaces the one with the same identity.
    func add(_ participant: PresentParticipant, to meetingID: UUID) async throws

    /// Keeps a participant's entry alive. False when there is none.
    @discardableResult func touch(identity: String, in meetingID: UUID) async throws -> Bool

    /// Removes a participant. False when there was none.
    @discardableResult func remove(identity: String, from meetingID: UUID) async throws -> Bool

    /// The participants, the first to join first.
    func list(meetingID: UUID) async throws -> [PresentParticipant]

    func count(meetingID: UUID) async throws -> Int
}
