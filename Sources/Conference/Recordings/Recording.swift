import FoundationEssentials

public enum RecordingKind: String, Sendable, Codable, CaseIterable {
    /// Everyone in one picture.
    case composite
    /// One person's camera and microphone.
    case participant
    /// Everyone's sound.
    case audio

    /// What the file's name ends with.
    public var fileExtension: String { self == .audio ? "ogg" : "mp4" }
    public var contentType: String { self == .audio ? "audio/ogg" : "video/mp4" }
}

public enum RecordingState: String, Sendable, Codable, CaseIterable {
    /// Asked for; nobody has asked the recorder yet, or it refused and is asked again.
    case requested
    /// The recorder was asked; nothing is recorded yet.
    case starting
    case active
    /// No more is recorded; the file is being finished and uploaded.
    case ending
    /// The recorder says that the file lies in the bucket; nobody has looked there yet.
    case uploaded
    /// The file was seen in the bucket with the size that the recorder reported.
    case ready
    case failed
    /// The file is being deleted; then the recording is gone.
    case deleting

    /// Whether people are, or are about to be, recorded, or the recorder is still at work on it.
    public var isRunning: Bool { RecordingState.running.contains(self) }

    public static let running: Set<RecordingState> = [.requested, .starting, .active, .ending]
}

/// A recording of a meeting and the file it becomes.
public struct Recording: Hashable, Sendable, Identifiable {
    public let id: RecordingID
    public let meetingID: MeetingID
    /// Nil for a host without an account.
    public let requestedBy: AccountID?
    public let kind: RecordingKind
    /// Whom it shows; present exactly for recordings of one person.
    public let participantID: ParticipantID?
    /// The file's key in the bucket.
    public let objectKey: String
    public let createdAt: Date
    public internal(set) var state: RecordingState
    /// Since when the state is what it is, or was entered again.
    public internal(set) var stateSince: Date
    /// How often the recorder was asked to begin.
    public internal(set) var startAttempts: Int
    public internal(set) var stopRequestedAt: Date?
    /// The recorder's name for it.
    public internal(set) var egressID: String?
    /// The furthest that the recorder has reported.
    public internal(set) var egressStatus: MediaEgress.Status?
    public internal(set) var startedAt: Date?
    public internal(set) var endedAt: Date?
    public internal(set) var readyAt: Date?
    /// Bytes, as the recorder reported them.
    public internal(set) var sizeBytes: Int?
    public internal(set) var duration: Duration?
    /// Why it failed; before that, why the last attempt to begin did. For hosts: no secrets in it.
    public internal(set) var failure: String?
    /// When it is deleted by itself; nil for never.
    public internal(set) var deleteAfter: Date?
    /// When someone must look after it again; nil when nothing is left to do.
    public internal(set) var checkAt: Date?
    public internal(set) var updatedAt: Date
    /// Grows by one with every write.
    public var version: Int

    public init(
        id: RecordingID, meetingID: MeetingID, requestedBy: AccountID?, kind: RecordingKind,
        participantID: ParticipantID? = nil, objectKey: String? = nil, createdAt: Date,
        state: RecordingState = .requested, stateSince: Date? = nil, startAttempts: Int = 0,
        stopRequestedAt: Date? = nil, egressID: String? = nil, egressStatus: MediaEgress.Status? = nil,
        startedAt: Date? = nil, endedAt: Date? = nil, readyAt: Date? = nil, sizeBytes: Int? = nil,
        duration: Duration? = nil, failure: String? = nil, deleteAfter: Date? = nil, checkAt: Date? = nil,
        updatedAt: Date? = nil, version: Int = 1
    ) {
        self.id = id
        self.meetingID = meetingID
        self.requestedBy = requestedBy
        self.kind = kind
        self.participantID = participantID
        self.objectKey = objectKey ?? "recordings/\(meetingID)/\(id).\(kind.fileExtension)"
        self.createdAt = createdAt
        self.state = state
        self.stateSince = stateSince ?? createdAt
        self.startAttempts = startAttempts
        self.stopRequestedAt = stopRequestedAt
        self.egressID = egressID
        self.egressStatus = egressStatus
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.readyAt = readyAt
        self.sizeBytes = sizeBytes
        self.duration = duration
        self.failure = failure
        self.deleteAfter = deleteAfter
        self.checkAt = checkAt
        self.updatedAt = updatedAt ?? createdAt
        self.version = version
    }
}
