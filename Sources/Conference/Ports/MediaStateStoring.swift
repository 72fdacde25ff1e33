import FoundationEssentials

/// Where the media server's events are kept, and the state that follows from them. Every function may throw
/// `ConferenceError.unavailable`.
public protocol MediaStateStoring: Sendable {
    /// Keeps an event before anything is done with it. False when it is there already.
    func insert(_ event: MediaEvent, receivedAt: Date) async throws -> Bool
    /// Events that were received before a moment and not applied, the oldest first. Also those received after `now`: the clock
    /// was ahead then.
    func pending(receivedBefore moment: Date, now: Date, limit: Int) async throws -> [MediaEvent]
    /// Applies what an event says and marks it as applied, as one step. What was applied already changes nothing.
    func apply(_ report: MediaReport, of eventID: String, at moment: Date) async throws -> MediaOutcome
    /// Applies what was found by looking.
    func apply(_ report: MediaReport, at moment: Date) async throws -> MediaOutcome
    /// Marks an event as applied, from which nothing follows or whose consequences are kept elsewhere.
    func markApplied(_ eventID: String, note: String?, at moment: Date) async throws
    /// Notes that an event could not be applied; it stays pending.
    func markFailed(_ eventID: String, reason: String) async throws

    /// Everything that is thought to go on at this moment.
    func open() async throws -> [OpenMedia]
    /// The states of those meetings that exist.
    func states(of meetings: [MeetingID]) async throws -> [MeetingID: MeetingState]
    /// Those of the named who may not be in the meeting's room: thrown out, by themselves or with their account, never let
    /// in, or the meeting has ended.
    func unwelcome(in meeting: MeetingID, among ids: [ParticipantID]) async throws -> [ParticipantID]
    /// Gives up the seats of those who were let in and never came. If the meeting has no room on the media server, and
    /// nobody is left in it, the gathering ends.
    func settle(_ meeting: MeetingID, hasRoom: Bool, at moment: Date) async throws -> MediaOutcome
    /// Forgets applied events that were received before a moment. Returns how many.
    func forget(receivedBefore moment: Date) async throws -> Int
}

/// What is thought to go on in a meeting.
public struct OpenMedia: Hashable, Sendable {
    public struct Session: Hashable, Sendable {
        public let sid: String
        public let roomSID: String
        public let participantID: ParticipantID
        /// When we learnt of it, by our own clock.
        public let recordedAt: Date

        public init(sid: String, roomSID: String, participantID: ParticipantID, recordedAt: Date) {
            self.sid = sid
            self.roomSID = roomSID
            self.participantID = participantID
            self.recordedAt = recordedAt
        }
    }

    public struct Room: Hashable, Sendable {
        public let sid: String
        /// When we learnt of it, by our own clock.
        public let recordedAt: Date

        public init(sid: String, recordedAt: Date) {
            self.sid = sid
            self.recordedAt = recordedAt
        }
    }

    public let meetingID: MeetingID
    public let state: MeetingState
    /// When the meeting was last changed.
    public let updatedAt: Date
    public let rooms: [Room]
    public let sessions: [Session]

    public init(meetingID: MeetingID, state: MeetingState, updatedAt: Date, rooms: [Room], sessions: [Session]) {
        self.meetingID = meetingID
        self.state = state
        self.updatedAt = updatedAt
        self.rooms = rooms
        self.sessions = sessions
    }
}
