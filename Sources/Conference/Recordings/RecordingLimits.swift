/// How long each part of a recording may take. After that it ends with a reason: none stays in between for good.
public struct RecordingLimits: Hashable, Sendable {
    /// Until the recorder has taken the work, all attempts together.
    public var start: Duration = .seconds(120)
    /// Attempts to begin, and the pause between them.
    public var startAttempts = 3
    public var startPause: Duration = .seconds(4)
    /// How long an attempt may go without an answer; longer than the media server's client waits.
    public var startAnswer: Duration = .seconds(25)
    /// How long after an attempt without an answer the media server must have heard of the recording, if it has begun.
    public var startTrace: Duration = .seconds(40)
    /// How long the media server may be away after such an attempt.
    public var startSilence: Duration = .seconds(300)
    /// From the recorder's taking the work to its first picture.
    public var beginning: Duration = .seconds(300)
    /// The longest recording; then it is stopped.
    public var length: Duration = .seconds(24 * 3600)
    /// From stopping to the end of the upload.
    public var ending: Duration = .seconds(2 * 3600)
    /// Until the media server must know a recording that it has taken on.
    public var unknown: Duration = .seconds(60)
    /// Until the bucket must show what the recorder says it has uploaded, while the bucket answers.
    public var object: Duration = .seconds(600)
    /// How long the bucket may be away.
    public var storageSilence: Duration = .seconds(24 * 3600)
    /// How long the recorder is asked to stop what is recorded for nothing.
    public var cleanup: Duration = .seconds(3600)
    /// How long one look after a recording may take before another instance takes over.
    public var lease: Duration = .seconds(60)
    /// After which time recordings are deleted; nil for never.
    public var retention: Duration?

    public init(retention: Duration? = nil) {
        self.retention = retention
    }
}
