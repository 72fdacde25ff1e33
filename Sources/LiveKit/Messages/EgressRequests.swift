/// `livekit.S3Upload`: where the recorder puts a file. Holds secrets.
public struct S3Upload: Encodable, Hashable, Sendable {
    public var accessKey: String
    public var secret: String
    public var region: String
    /// With its scheme; the recorder chooses its way of uploading by how this is spelled.
    public var endpoint: String
    public var bucket: String
    public var forcePathStyle: Bool

    public init(
        accessKey: String, secret: String, region: String, endpoint: String, bucket: String, forcePathStyle: Bool = true
    ) {
        self.accessKey = accessKey
        self.secret = secret
        self.region = region
        self.endpoint = endpoint
        self.bucket = bucket
        self.forcePathStyle = forcePathStyle
    }
}

/// `livekit.EncodedFileOutput`: one file in a bucket, without a manifest beside it.
public struct EncodedFileOutput: Encodable, Hashable, Sendable {
    public enum FileType: String, Encodable, Hashable, Sendable {
        /// The recorder chooses by what is recorded.
        case automatic = "DEFAULT_FILETYPE"
        case mp4 = "MP4"
        case ogg = "OGG"
        case mp3 = "MP3"

        /// The type that a file's name promises.
        public init(ofFile name: String) {
            switch name.split(separator: ".").last?.lowercased() {
            case "mp4": self = .mp4
            case "ogg": self = .ogg
            case "mp3": self = .mp3
            default: self = .automatic
            }
        }
    }

    public var fileType: FileType
    /// Text in braces is replaced by the recorder: `{room_name}`, `{time}`, ...
    public var filepath: String
    public var disableManifest = true
    /// Nil: the bucket of the recorder's own configuration.
    public var s3: S3Upload?

    public init(filepath: String, s3: S3Upload? = nil) {
        fileType = FileType(ofFile: filepath)
        self.filepath = filepath
        self.s3 = s3
    }
}

/// `livekit.DirectFileOutput`: a track as it was sent.
public struct DirectFileOutput: Encodable, Hashable, Sendable {
    public var filepath: String
    public var disableManifest = true
    /// Nil: the bucket of the recorder's own configuration.
    public var s3: S3Upload?

    public init(filepath: String, s3: S3Upload? = nil) {
        self.filepath = filepath
        self.s3 = s3
    }
}

/// `livekit.RoomCompositeEgressRequest`. Sound alone needs no browser if it has neither layout nor page.
public struct RoomCompositeEgressRequest: Encodable, Hashable, Sendable {
    public var roomName: String
    public var layout: String?
    public var audioOnly: Bool?
    public var customBaseUrl: String?
    public var fileOutputs: [EncodedFileOutput]

    public init(
        roomName: String, layout: String? = nil, audioOnly: Bool? = nil, customBaseURL: String? = nil,
        file: EncodedFileOutput
    ) {
        self.roomName = roomName
        self.layout = layout
        self.audioOnly = audioOnly
        customBaseUrl = customBaseURL
        fileOutputs = [file]
    }
}

/// `livekit.ParticipantEgressRequest`.
public struct ParticipantEgressRequest: Encodable, Hashable, Sendable {
    public var roomName: String
    public var identity: String
    public var screenShare: Bool?
    public var fileOutputs: [EncodedFileOutput]

    public init(roomName: String, identity: String, screenShare: Bool? = nil, file: EncodedFileOutput) {
        self.roomName = roomName
        self.identity = identity
        self.screenShare = screenShare
        fileOutputs = [file]
    }
}

/// `livekit.TrackEgressRequest`.
public struct TrackEgressRequest: Encodable, Hashable, Sendable {
    public var roomName: String
    public var trackId: String
    public var file: DirectFileOutput

    public init(roomName: String, trackSID: String, file: DirectFileOutput) {
        self.roomName = roomName
        trackId = trackSID
        self.file = file
    }
}
