import FoundationEssentials

/// Which meetings a list holds.
public struct MeetingFilter: Hashable, Sendable {
    /// Nil: everybody's meetings.
    public var owner: AccountID?
    /// Nil: in any state.
    public var state: MeetingState?

    public init(owner: AccountID? = nil, state: MeetingState? = nil) {
        self.owner = owner
        self.state = state
    }
}

/// The outcome of a change made on the condition that nobody else made one first.
public enum VersionedUpdate<Value: Hashable & Sendable>: Hashable, Sendable {
    case updated(Value)
    /// Someone changed it since the version given.
    case stale
    case missing
}

/// Where meetings are kept. Every function may throw `ConferenceError.unavailable`.
public protocol MeetingStoring: Sendable {
    /// Throws `ConferenceError.conflict(.duplicate)` when the id or the join code exists.
    func insert(_ meeting: Meeting) async throws
    func meeting(_ reference: MeetingReference) async throws -> Meeting?
    /// Up to `limit` meetings with ids below `before` (all when nil), highest first.
    func meetings(_ filter: MeetingFilter, before: MeetingID?, limit: Int) async throws -> [Meeting]
    /// Writes title, times, settings and `updatedAt` if the stored version is `meeting.version`; returns the stored
    /// meeting with its new version. An ended meeting counts as stale.
    func update(_ meeting: Meeting) async throws -> VersionedUpdate<Meeting>
    /// Ends the meeting and marks everyone in it as gone, atomically. A recurring link goes back to `scheduled`.
    /// Ending what has ended already changes nothing. Nil when there is no such meeting.
    func end(_ id: MeetingID, at moment: Date) async throws -> Meeting?
    /// False when there was no such meeting. Throws `ConferenceError.conflict(.meetingHasRecordings)`.
    func delete(_ id: MeetingID) async throws -> Bool
}
