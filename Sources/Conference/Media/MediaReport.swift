import FoundationEssentials

/// One thing about a room that is true whenever it is learnt: applied in any order, and as often as one likes, a set of
/// facts leads to the same state.
public enum MediaFact: Hashable, Sendable {
    case roomExists(createdAt: Date?)
    case roomFinished(at: Date)
    /// `sid` is the connection, of which a person may have several.
    case connected(ParticipantID, sid: String, at: Date)
    case left(ParticipantID, sid: String, joinedAt: Date?, at: Date, reason: String?)
    /// The connection never came about.
    case aborted(ParticipantID, sid: String, at: Date, reason: String?)
    case published(ParticipantID, MediaTrack, at: Date)
    case unpublished(ParticipantID, MediaTrack, at: Date)

    public var participantID: ParticipantID? {
        switch self {
        case .roomExists, .roomFinished: nil
        case .connected(let id, _, _), .left(let id, _, _, _, _), .aborted(let id, _, _, _), .published(let id, _, _),
            .unpublished(let id, _, _):
            id
        }
    }

    /// Who is connected, if that is what it says.
    var presentID: ParticipantID? {
        switch self {
        case .connected(let id, _, _), .published(let id, _, _): id
        case .roomExists, .roomFinished, .left, .aborted, .unpublished: nil
        }
    }
}

/// Facts about one life of a meeting's room.
public struct MediaReport: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// The media server said so when it happened.
        case event
        /// Found out later by looking: times are not the true ones, and give way to those of events.
        case poll
    }

    public let meetingID: MeetingID
    public let roomSID: String
    public let source: Source
    public let facts: [MediaFact]

    public init(meetingID: MeetingID, roomSID: String, source: Source, facts: [MediaFact]) {
        self.meetingID = meetingID
        self.roomSID = roomSID
        self.source = source
        self.facts = facts
    }
}

extension MediaReport {
    /// What an event says about a meeting.
    ///
    /// - Throws: ``NotOurs`` when that is nothing.
    public init(_ event: MediaEvent) throws(NotOurs) {
        guard let room = event.room, !room.sid.isEmpty else { throw NotOurs(reason: "it is about no room") }
        guard let meetingID = MeetingID(canonical: room.name) else {
            throw NotOurs(reason: "its room has no meeting's id for a name")
        }
        var facts = [MediaFact.roomExists(createdAt: room.createdAt)]
        switch event.name {
        case "room_started": break
        case "room_finished": facts.append(.roomFinished(at: event.occurredAt))
        case "participant_joined", "participant_left", "participant_connection_aborted", "track_published",
            "track_unpublished":
            facts.append(try MediaReport.fact(of: event))
        default: throw NotOurs(reason: "nothing follows from its kind")
        }
        self.init(meetingID: meetingID, roomSID: room.sid, source: .event, facts: facts)
    }

    /// An event from which nothing follows here. The reason is kept beside it.
    public struct NotOurs: Error, Hashable, Sendable {
        public let reason: String
    }

    private static func fact(of event: MediaEvent) throws(NotOurs) -> MediaFact {
        guard let person = event.person, !person.sid.isEmpty else {
            throw NotOurs(reason: "it is about no participant")
        }
        guard let id = ParticipantID(canonical: person.identity) else {
            throw NotOurs(reason: "its participant is none of ours")
        }
        let at = event.occurredAt
        switch event.name {
        case "participant_joined": return .connected(id, sid: person.sid, at: person.joinedAt ?? at)
        case "participant_left":
            return .left(id, sid: person.sid, joinedAt: person.joinedAt, at: at, reason: person.disconnectReason)
        case "participant_connection_aborted":
            return .aborted(id, sid: person.sid, at: at, reason: person.disconnectReason)
        default:
            guard let track = event.track, !track.sid.isEmpty else { throw NotOurs(reason: "it is about no track") }
            return event.name == "track_published" ? .published(id, track, at: at) : .unpublished(id, track, at: at)
        }
    }
}
