import FoundationEssentials

/// What happened in a meeting, for those who manage it.
public struct TimelineService: Sendable {
    private let timeline: any TimelineReading
    private let meetings: any MeetingStoring
    private let recordings: any RecordingStoring
    private let analytics: any AnalyticsStoring
    private let clock: any WallClock

    public init(
        timeline: any TimelineReading, meetings: any MeetingStoring, recordings: any RecordingStoring,
        analytics: any AnalyticsStoring, clock: any WallClock
    ) {
        self.timeline = timeline
        self.meetings = meetings
        self.recordings = recordings
        self.analytics = analytics
        self.clock = clock
    }

    /// Throws `notFound(.meeting)` unless `actor` manages it, `invalid` for a limit outside of `Limits.pageSize`.
    public func page(
        of id: MeetingID, after place: TimelinePlace?, source: TimelineItem.Source?, limit: Int?, by actor: Principal
    ) async throws -> TimelinePage {
        let limit = try PageRequest(limit: limit).limit
        _ = try await managed(id, by: actor)
        let fetched = try await timeline.timeline(
            of: id, after: place ?? .beginning, source: source, limit: limit + 1, withErrors: actor.isAdmin)
        guard fetched.count > limit else { return TimelinePage(items: fetched, next: nil) }
        let items = Array(fetched.prefix(limit))
        return TimelinePage(items: items, next: items.last?.place)
    }

    /// Everything that helps to find out what went wrong in a meeting, piece by piece. Throws `notFound(.meeting)`.
    public func bundle(of id: MeetingID, by actor: Principal) async throws -> SupportBundle {
        SupportBundle(
            meeting: try await managed(id, by: actor), madeAt: clock.now, withErrors: actor.isAdmin,
            timeline: timeline, recordings: recordings, analytics: analytics)
    }

    private func managed(_ id: MeetingID, by actor: Principal) async throws -> Meeting {
        guard let meeting = try await meetings.meeting(.id(id)), meeting.isManaged(by: actor) else {
            throw ConferenceError.notFound(.meeting)
        }
        return meeting
    }
}
