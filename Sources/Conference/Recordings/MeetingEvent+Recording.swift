extension MeetingEvent.Name {
    /// A recording was asked for, runs, ends, is ready, failed or was deleted. Data: `recordingId`, `kind`, `state`, `active`
    /// (whether people are being recorded) and, for recordings of one person, `recordedId`.
    public static let recordingChanged = MeetingEvent.Name(rawValue: "recording.changed")
}

/// What people are told who come into a meeting that is being recorded.
public enum RecordingNotice {
    public static let text = """
        This meeting is being recorded. Whoever joins may be seen and heard in the recording; leave if you don't agree.
        """
}
