import FoundationEssentials

public enum MeetingKind: String, Sendable, Codable, CaseIterable {
    /// Starts when the first person joins.
    case instant
    /// Has a planned time.
    case scheduled
    /// A link that stays: ending it ends the current gathering, and the link works again.
    case recurring
}

public enum MeetingState: String, Sendable, Codable, CaseIterable {
    /// Nobody has joined yet (or, for a recurring link, nobody since it was last ended).
    case scheduled
    case live
    case ended
}

/// A meeting: one link, one room on the media server (whose name is the meeting's id).
public struct Meeting: Hashable, Sendable, Identifiable {
    public let id: MeetingID
    public let joinCode: JoinCode
    public let ownerID: AccountID
    public var title: String
    public let kind: MeetingKind
    public var state: MeetingState
    /// Present exactly for scheduled meetings.
    public var scheduledStart: Date?
    /// Later than `scheduledStart`; optional even then.
    public var scheduledEnd: Date?
    /// When the first person joined (for a recurring link: since it was last ended).
    public var startedAt: Date?
    public var endedAt: Date?
    public var settings: MeetingSettings
    public let createdAt: Date
    public var updatedAt: Date
    /// Grows by one with every change; the entity tag of HTTP.
    public var version: Int

    public init(
        id: MeetingID, joinCode: JoinCode, ownerID: AccountID, title: String, kind: MeetingKind, state: MeetingState,
        scheduledStart: Date? = nil, scheduledEnd: Date? = nil, startedAt: Date? = nil, endedAt: Date? = nil,
        settings: MeetingSettings = MeetingSettings(), createdAt: Date, updatedAt: Date, version: Int = 1
    ) {
        self.id = id
        self.joinCode = joinCode
        self.ownerID = ownerID
        self.title = title
        self.kind = kind
        self.state = state
        self.scheduledStart = scheduledStart
        self.scheduledEnd = scheduledEnd
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Owners and administrators manage a meeting; nobody else learns more than its preview.
    public func isManaged(by principal: Principal) -> Bool {
        principal.isAdmin || principal.accountID == ownerID
    }
}

/// How a client names a meeting: by id (signed-in people) or by the code of its link (guests too).
public enum MeetingReference: Hashable, Sendable {
    case id(MeetingID)
    case code(JoinCode)

    /// Reads either form; nil when `text` is neither.
    public init?(_ text: String) {
        if let id = MeetingID(text) {
            self = .id(id)
        } else if let code = JoinCode(text) {
            self = .code(code)
        } else {
            return nil
        }
    }
}

/// What someone with the link sees before joining.
public struct MeetingPreview: Hashable, Sendable {
    public let title: String
    public let kind: MeetingKind
    public let state: MeetingState
    public let scheduledStart: Date?
    public let scheduledEnd: Date?
    public let requiresPasscode: Bool
    public let lobby: LobbyPolicy
    public let locked: Bool

    public init(_ meeting: Meeting) {
        title = meeting.title
        kind = meeting.kind
        state = meeting.state
        scheduledStart = meeting.scheduledStart
        scheduledEnd = meeting.scheduledEnd
        requiresPasscode = meeting.settings.requiresPasscode
        lobby = meeting.settings.lobby
        locked = meeting.settings.locked
    }
}
