import FoundationEssentials

/// What helps to find out what went wrong in a meeting, read piece by piece while it is sent: the meeting, its figures, its
/// recordings, its people, its timeline.
///
/// Nothing in it is secret: no code of the link, passcode, key, token or address of a file, no e-mail address. Names are what
/// people typed, because without them nobody finds the one who had trouble; texts of others pass ``Redaction``.
public actor SupportBundle {
    public enum Piece: Sendable {
        case meeting(Meeting, madeAt: Date)
        case analytics(MeetingAnalytics)
        case recordings([Recording])
        case participants([ParticipantFigures])
        case timeline([TimelineItem])
        /// The last one; without it the bundle was cut off.
        case end
    }

    private enum Step { case meeting, analytics, recordings, participants, timeline, end, over }

    private static let pageSize = 500

    private let meeting: Meeting
    private let madeAt: Date
    private let withErrors: Bool
    private let timeline: any TimelineReading
    private let store: any RecordingStoring
    private let analytics: any AnalyticsStoring
    private var step = Step.meeting
    private var lastRecording: RecordingID?
    private var lastParticipant: ParticipantID?
    private var place = TimelinePlace.beginning

    init(
        meeting: Meeting, madeAt: Date, withErrors: Bool, timeline: any TimelineReading,
        recordings: any RecordingStoring, analytics: any AnalyticsStoring
    ) {
        self.meeting = meeting
        self.madeAt = madeAt
        self.withErrors = withErrors
        self.timeline = timeline
        store = recordings
        self.analytics = analytics
    }

    /// Nil after the end.
    public func next() async throws -> Piece? {
        switch step {
        case .meeting:
            step = .analytics
            return .meeting(meeting, madeAt: madeAt)
        case .analytics:
            step = .recordings
            return .analytics(try await analytics.analytics(of: meeting.id, at: madeAt))
        case .recordings:
            let found = try await store.recordings(
                RecordingFilter(meeting: meeting.id), before: lastRecording, limit: Self.pageSize)
            lastRecording = found.last?.id
            if found.count < Self.pageSize { step = .participants }
            return .recordings(found)
        case .participants:
            let found = try await analytics.participants(
                of: meeting.id, after: lastParticipant, limit: Self.pageSize, at: madeAt)
            lastParticipant = found.last?.id
            if found.count < Self.pageSize { step = .timeline }
            return .participants(found)
        case .timeline:
            let found = try await timeline.timeline(
                of: meeting.id, after: place, source: nil, limit: Self.pageSize, withErrors: withErrors)
            place = found.last?.place ?? place
            if found.count < Self.pageSize { step = .end }
            return .timeline(found)
        case .end:
            step = .over
            return .end
        case .over:
            return nil
        }
    }
}
