/// Gets every event of every meeting, from all instances.
public protocol MeetingEventReceiving: Sendable {
    /// Events of one meeting come in the order of their ids; one may come twice.
    func receive(_ sent: SentMeetingEvent)
    /// Events of any meeting may have been missed.
    func mayHaveMissedEvents()
}

/// The last events of each meeting.
public protocol MeetingEventReplaying: Sendable {
    /// What followed `place`; nothing, and where the meeting stands now, when `place` is nil.
    ///
    /// Throws `unavailable`.
    func events(of meeting: MeetingID, after place: MeetingEventID?) async throws -> MeetingEventReplay
}
