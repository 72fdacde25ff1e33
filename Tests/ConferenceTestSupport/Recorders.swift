public import Conference
import Platform

/// Keeps what was published.
public final class RecordingEvents: MeetingEventPublishing {
    private let log = Lock<[MeetingEvent]>([])

    public init() {}

    public var events: [MeetingEvent] { log.withLock { $0 } }
    public var names: [String] { events.map(\.name.rawValue) }

    public func publish(_ event: MeetingEvent) async { log.withLock { $0.append(event) } }
}

/// Keeps a timeline in memory.
public final class MemoryTimeline: TimelineWriting {
    private let log = Lock<[TimelineEntry]>([])

    public init() {}

    public var kinds: [String] { log.withLock { $0.map(\.kind) } }

    public func record(_ entry: TimelineEntry) async throws { log.withLock { $0.append(entry) } }
}
