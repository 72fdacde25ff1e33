import FoundationEssentials

/// A recording as the media server's recorder sees it.
public struct MediaEgress: Hashable, Sendable, Codable {
    public enum Status: String, Sendable, Codable {
        case starting, active, ending, complete, failed, aborted
        /// Ended by a limit of the recorder; its file is whole.
        case limitReached = "limit_reached"
        /// A status that this program doesn't know.
        case unknown

        public var isFinal: Bool {
            switch self {
            case .complete, .failed, .aborted, .limitReached: true
            case .starting, .active, .ending, .unknown: false
            }
        }
    }

    public struct File: Hashable, Sendable, Codable {
        /// The object's key in the bucket.
        public let name: String
        /// Bytes.
        public let size: Int64
        public let duration: Duration
        public let location: String

        public init(name: String, size: Int64, duration: Duration, location: String = "") {
            self.name = name
            self.size = size
            self.duration = duration
            self.location = location
        }
    }

    public let id: String
    public let roomName: String
    public let status: Status
    public let startedAt: Date?
    public let endedAt: Date?
    public let updatedAt: Date?
    /// Why it failed, in the recorder's words.
    public let error: String?
    public let files: [File]

    public var meetingID: MeetingID? { MeetingID(canonical: roomName) }

    public init(
        id: String, roomName: String, status: Status, startedAt: Date? = nil, endedAt: Date? = nil,
        updatedAt: Date? = nil, error: String? = nil, files: [File] = []
    ) {
        self.id = id
        self.roomName = roomName
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.updatedAt = updatedAt
        self.error = error
        self.files = files
    }
}

/// What to record, and under which key the file shall lie in the bucket.
public struct MediaRecordingRequest: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        /// Everyone in one picture; takes a browser and about 4 cores.
        case composite(layout: String)
        /// Everyone's sound and no picture; takes no browser.
        case audio
        /// One person's camera and microphone, or their shared screen; takes no browser.
        case participant(ParticipantID, screenShare: Bool = false)
        /// One track as it is sent.
        case track(sid: String)
    }

    public let meetingID: MeetingID
    public let subject: Subject
    /// Used as it is: no placeholder of the recorder is left in it.
    public let objectKey: String

    public init(meetingID: MeetingID, subject: Subject, objectKey: String) {
        self.meetingID = meetingID
        self.subject = subject
        self.objectKey = objectKey
    }
}
