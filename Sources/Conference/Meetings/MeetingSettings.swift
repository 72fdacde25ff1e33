/// Who may do something in a meeting.
public enum Audience: String, Sendable, Codable, CaseIterable {
    case everyone, hosts, nobody

    public func includes(_ role: ParticipantRole) -> Bool {
        switch self {
        case .everyone: true
        case .hosts: role == .host
        case .nobody: false
        }
    }
}

/// Who waits until a host lets them in. Hosts never wait.
public enum LobbyPolicy: String, Sendable, Codable, CaseIterable {
    case off, guests, everyone

    func holds(_ role: ParticipantRole) -> Bool {
        switch self {
        case .off: false
        case .guests: role == .guest
        case .everyone: role != .host
        }
    }
}

/// What a meeting's host has chosen.
public struct MeetingSettings: Hashable, Sendable {
    /// Nil: the link alone is enough.
    public var passcodeHash: PasswordHash?
    public var lobby: LobbyPolicy
    /// Nobody but hosts comes in any more.
    public var locked: Bool
    /// People at once, hosts included; nil for no limit of the meeting's own.
    public var capacity: Int?
    public var screenShare: Audience
    public var chat: Audience
    /// Whether messages are kept, so that those who come later can read them.
    public var chatHistory: Bool
    /// `hosts` or `nobody`: recording others is never open to everyone.
    public var record: Audience
    public var draw: Audience

    public init(
        passcodeHash: PasswordHash? = nil, lobby: LobbyPolicy = .off, locked: Bool = false, capacity: Int? = nil,
        screenShare: Audience = .everyone, chat: Audience = .everyone, chatHistory: Bool = false,
        record: Audience = .hosts, draw: Audience = .everyone
    ) {
        self.passcodeHash = passcodeHash
        self.lobby = lobby
        self.locked = locked
        self.capacity = capacity
        self.screenShare = screenShare
        self.chat = chat
        self.chatHistory = chatHistory
        self.record = record
        self.draw = draw
    }

    public var requiresPasscode: Bool { passcodeHash != nil }
}
