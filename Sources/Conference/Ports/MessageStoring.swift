import FoundationEssentials

/// Where the chat of meetings is kept. Every function may throw `ConferenceError.unavailable`.
public protocol MessageStoring: Sendable {
    func insert(_ message: Message) async throws
    /// Up to `limit` messages with ids below `before` (all when nil) that were sent at `since` or later, highest first.
    func messages(in meeting: MeetingID, since: Date?, before: MessageID?, limit: Int) async throws -> [Message]
    func message(_ id: MessageID, in meeting: MeetingID) async throws -> Message?
    /// False when there was no such message.
    func delete(_ id: MessageID, in meeting: MeetingID) async throws -> Bool
}
