/// An event on its way to listeners.
public struct SentMeetingEvent: Hashable, Sendable {
    /// Nil for one that reaches the listeners of this instance only, because what instances share is away.
    public let id: MeetingEventID?
    public let event: MeetingEvent

    public init(id: MeetingEventID?, event: MeetingEvent) {
        self.id = id
        self.event = event
    }
}

/// What happened in a meeting after an event that a listener has.
public struct MeetingEventReplay: Hashable, Sendable {
    /// In their order.
    public let events: [SentMeetingEvent]
    /// The place to go on from: later events have greater ids.
    public let end: MeetingEventID
    /// False when events may be missing: too many have passed since, or the place is unknown.
    public let isComplete: Bool

    public init(events: [SentMeetingEvent], end: MeetingEventID, isComplete: Bool) {
        self.events = events
        self.end = end
        self.isComplete = isComplete
    }
}
