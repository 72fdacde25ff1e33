public import Conference
public import FoundationEssentials
import Platform

/// Chat in memory.
public final class MemoryMessages: MessageStoring {
    private let content = Lock<[Message]>([])

    public init() {}

    public var all: [Message] { content.withLock { $0 } }

    public func insert(_ message: Message) async throws { content.withLock { $0.append(message) } }

    public func messages(in meeting: MeetingID, since: Date?, before: MessageID?, limit: Int) async throws -> [Message]
    {
        let found = all.filter { message in
            message.meetingID == meeting && (since.map { message.sentAt >= $0 } ?? true)
                && (before.map { message.id < $0 } ?? true)
        }
        return Array(found.sorted { $0.id > $1.id }.prefix(limit))
    }

    public func message(_ id: MessageID, in meeting: MeetingID) async throws -> Message? {
        all.first { $0.id == id && $0.meetingID == meeting }
    }

    public func delete(_ id: MessageID, in meeting: MeetingID) async throws -> Bool {
        content.withLock { messages in
            let before = messages.count
            messages.removeAll { $0.id == id && $0.meetingID == meeting }
            return messages.count < before
        }
    }
}
