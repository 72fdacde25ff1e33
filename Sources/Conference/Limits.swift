/// Every limit the domain enforces on what people send, in one place. The database repeats those it can check.
public enum Limits {
    /// Characters (as people see them) of a person's name, and its bytes in UTF-8.
    public static let displayNameCharacters = 1...64
    public static let displayNameBytes = 256
    /// Characters of a meeting's title, and its bytes in UTF-8.
    public static let titleCharacters = 1...120
    public static let titleBytes = 480
    /// Bytes of an e-mail address (RFC 5321, section 4.5.3.1).
    public static let emailBytes = 254
    public static let emailLocalPartBytes = 64
    /// Bytes of a password. The upper bound keeps hashing cheap to refuse.
    public static let passwordBytes = 10...256
    /// Bytes of a meeting's passcode: short enough to be read out, guarded by limits on guessing.
    public static let passcodeBytes = 4...64
    /// People in a meeting at once, when the meeting has a limit.
    public static let capacity = 2...10_000
    /// The longest time a scheduled meeting may be planned for.
    public static let scheduledLength = Duration.seconds(7 * 24 * 3600)
    /// Entries on one page of a list.
    public static let pageSize = 1...100
    public static let defaultPageSize = 25
    /// How long a join token may be used to connect. LiveKit renews it for those who are connected.
    public static let joinTokenLifetime = Duration.seconds(600)
    /// How long a participant's key is good, unless they leave before: a day's meeting fits.
    public static let participantKeyLifetime = Duration.seconds(24 * 3600)
    /// How long a test of one's connection takes at most, and tests from one address: an office that tries out a new network
    /// gets through, nobody holds conferences in rooms that are made for tests.
    public static let connectionTestLifetime = Duration.seconds(300)
    public static let connectionTestsPerAddress = RateLimitBucket(
        name: "connection-test", capacity: 20, refillPerSecond: 0.05)
    /// How long someone who knocks waits in the lobby, if no host answers.
    public static let knockLifetime = Duration.seconds(15 * 60)
    /// How many people a change of what participants may do reaches at once.
    public static let participantsInRoom = 10_000
    /// Characters of a chat message, and its bytes in UTF-8.
    public static let messageCharacters = 1...2000
    public static let messageBytes = 8000
    /// Messages of one participant.
    public static let messagesPerParticipant = RateLimitBucket(name: "chat", capacity: 20, refillPerSecond: 1)
    /// Tries of a meeting's passcode from one address: a family behind one router gets in, a guesser gets nowhere.
    public static let passcodePerAddress = RateLimitBucket(name: "passcode-address", capacity: 20, refillPerSecond: 0.1)
    /// Tries of a meeting's passcode from everywhere together: the start of a large meeting fits into the burst.
    public static let passcodePerMeeting = RateLimitBucket(name: "passcode-meeting", capacity: 2000, refillPerSecond: 1)
    /// Streams of a meeting's events that one person may have open at once on one instance, and all together.
    public static let eventStreamsPerPerson = 4
    public static let eventStreamsPerMeeting = 10_000
    /// How long a stream of events lasts: whoever listens on must show again that they may.
    public static let eventStreamLife = Duration.seconds(1800)
    /// Boards of a meeting.
    public static let whiteboards = 20
    /// Elements of a board, tombstones included, and the bytes of their JSON together.
    public static let whiteboardElements = 5000
    public static let whiteboardBytes = 8 << 20
    /// One element's JSON, and one batch of changes.
    public static let whiteboardElementBytes = 256 << 10
    public static let whiteboardBatch = 1000
    public static let whiteboardBatchBytes = 1 << 20
    /// An Excalidraw file that is imported, its pictures included.
    public static let whiteboardFileBytes = 16 << 20
    public static let whiteboardSnapshots = 50
    /// One picture, all of a board's, and how many it has.
    public static let pictureBytes = 4 << 20
    public static let boardPictureBytes = 64 << 20
    public static let boardPictures = 100
    /// How long a picture's address in object storage is good.
    public static let pictureAddressLifetime = Duration.seconds(600)
    /// How long a recording's address in object storage is good: for playing, long enough to jump about in a long one.
    public static let recordingPlayLifetime = Duration.seconds(4 * 3600)
    public static let recordingDownloadLifetime = Duration.seconds(600)
    /// Steps into which the time of an overview is divided.
    public static let analyticsSteps = 1000
    /// Gatherings, and comments, of a meeting that its analytics show one by one.
    public static let gatheringsShown = 100
    public static let commentsShown = 100
    /// Characters of what someone writes about a call, and its bytes in UTF-8.
    public static let commentCharacters = 1...1000
    public static let commentBytes = 4000
}
