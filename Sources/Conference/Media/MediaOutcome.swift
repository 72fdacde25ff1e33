import FoundationEssentials

/// What changed in our state when facts were applied.
public struct MediaOutcome: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        case roomOpened
        case roomFinished
        case joined(PresentParticipant)
        case left(identity: String, displayName: String, at: Date)
        case connectionAborted(identity: String)
        case trackPublished(sid: String)
        case trackUnpublished(sid: String)
        /// Someone came into a meeting that was not live.
        case meetingStarted
        /// The gathering is over; a recurring link, or one whose time is still to come, is `scheduled` again.
        case meetingFinished(MeetingState, at: Date)

        /// For metrics.
        public var name: String {
            switch self {
            case .roomOpened: "room_opened"
            case .roomFinished: "room_finished"
            case .joined: "participant_joined"
            case .left: "participant_left"
            case .connectionAborted: "connection_aborted"
            case .trackPublished: "track_published"
            case .trackUnpublished: "track_unpublished"
            case .meetingStarted: "meeting_started"
            case .meetingFinished: "meeting_finished"
            }
        }
    }

    public var changes: [Change]
    /// Why an event led to nothing; kept beside it.
    public var note: String?

    public init(changes: [Change] = [], note: String? = nil) {
        self.changes = changes
        self.note = note
    }
}
