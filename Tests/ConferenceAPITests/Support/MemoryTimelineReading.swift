import Conference
import FoundationEssentials
import Platform

/// A timeline that a test sets.
final class MemoryTimelineReading: TimelineReading {
    private let content = Lock<(items: [TimelineItem], withErrors: Bool?)>(([], nil))

    /// Whether the last call wanted errors.
    var withErrors: Bool? { content.withLock { $0.withErrors } }

    func set(_ items: [TimelineItem]) { content.withLock { $0.items = items } }

    func timeline(
        of meeting: MeetingID, after place: TimelinePlace, source: TimelineItem.Source?, limit: Int, withErrors: Bool
    ) async throws -> [TimelineItem] {
        content.withLock { content in
            content.withErrors = withErrors
            let items = content.items.filter { item in
                (source == nil || item.source == source)
                    && (item.at, item.id.uuidString) > (place.at, place.id.uuidString)
            }
            return Array(items.prefix(limit))
        }
    }
}
