/// The events that streams themselves depend on; docs/realtime.md lists all.
extension MeetingEvent.Name {
    /// The last event of a meeting: streams end with it.
    public static let meetingEnded = Self(rawValue: "meeting.ended")
    /// Events may have been missed: everyone who listens reads again what they show, whatever the audience is.
    public static let reset = Self(rawValue: "reset")
}
