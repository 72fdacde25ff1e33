import FoundationEssentials

/// Which recordings a list holds.
public struct RecordingFilter: Hashable, Sendable {
    /// Nil: of every meeting.
    public var meeting: MeetingID?
    /// Nil: of everybody's meetings.
    public var owner: AccountID?
    /// Nil: in any state.
    public var states: Set<RecordingState>?

    public init(meeting: MeetingID? = nil, owner: AccountID? = nil, states: Set<RecordingState>? = nil) {
        self.meeting = meeting
        self.owner = owner
        self.states = states
    }
}

/// Where recordings are kept. Every function may throw `ConferenceError.unavailable`.
public protocol RecordingStoring: Sendable {
    /// Throws `conflict(.recordingRunning)` while another one of the same meeting, kind and person runs, `notFound(.meeting)`
    /// when the meeting is gone.
    func insert(_ recording: Recording) async throws
    func recording(_ id: RecordingID) async throws -> Recording?
    /// The one that the recorder means by its own name for it, or by the keys of its files.
    func recording(egressID: String, objectKeys: [String]) async throws -> Recording?
    /// Up to `limit` recordings with ids below `before` (all when nil), highest first.
    func recordings(_ filter: RecordingFilter, before: RecordingID?, limit: Int) async throws -> [Recording]
    /// Whether anyone in the meeting is recorded, or about to be.
    func isRunning(in meeting: MeetingID) async throws -> Bool
    /// The kinds of all recordings that run, on every meeting.
    func runningKinds() async throws -> [RecordingKind]
    /// How many are in each state that isn't final.
    func unfinished() async throws -> [RecordingState: Int]
    /// Writes everything that changes if the stored version is `recording.version`; returns the stored recording with its
    /// new version. In the same step the meeting's timeline gets an entry when the state isn't what it was.
    func update(_ recording: Recording) async throws -> VersionedUpdate<Recording>
    /// Forgets a recording whose object is gone, if its version is still the one given. False when it isn't.
    func remove(_ recording: Recording, at moment: Date) async throws -> Bool
    /// Picks one recording that must be looked after at `moment` and keeps everyone else from it until `end`, unless it
    /// changes meanwhile. Its version grows. Nil when there is none.
    ///
    /// An unfinished one that was written more than a minute after `moment` is due as well: the clock was ahead then, and
    /// would have it wait until it is that late again.
    func claim(dueAt moment: Date, until end: Date) async throws -> Recording?
}
