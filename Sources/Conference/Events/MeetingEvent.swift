import FoundationEssentials

/// Something that people in a meeting learn at once. It says what changed; what it is now, the API tells.
public struct MeetingEvent: Hashable, Sendable {
    /// What happened, such as `participant.joined`. Features name theirs in extensions.
    public struct Name: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// Who learns of it.
    ///
    /// What someone may see follows from what the database says of them: when an event says that their standing changed
    /// (see ``concerned``), it is read again before they are told more.
    public enum Audience: Hashable, Sendable {
        /// Everyone who was let in.
        case everyone
        case hosts
        /// One person, who may still be waiting in the lobby.
        case participant(ParticipantID)
    }

    public enum Value: Hashable, Sendable {
        case string(String)
        case integer(Int)
        case bool(Bool)
        case strings([String])
        case null
    }

    public let name: Name
    public let meetingID: MeetingID
    public let audience: Audience
    public let at: Date
    /// Small, without secrets. The name `at` is taken, and `participantId` means whom the event concerns.
    public let data: [String: Value]

    public init(
        _ name: Name, in meetingID: MeetingID, to audience: Audience = .everyone, at: Date,
        data: [String: Value] = [:]
    ) {
        self.name = name
        self.meetingID = meetingID
        self.audience = audience
        self.at = at
        self.data = data
    }

    /// The participant whose standing the event may have changed: let in, removed, made a host, gone.
    public var concerned: ParticipantID? {
        guard name.rawValue.hasPrefix("participant."), case .string(let id) = data[Self.participantKey] else {
            return nil
        }
        return ParticipantID(id)
    }

    /// The member of ``data`` that names whom an event concerns.
    public static let participantKey = "participantId"
}
