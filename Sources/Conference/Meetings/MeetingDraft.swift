import FoundationEssentials

/// A meeting as a client asks for it. Values left out take the defaults of `MeetingSettings`.
public struct MeetingDraft: Hashable, Sendable {
    public var title: String
    public var kind: MeetingKind
    public var scheduledStart: Date?
    public var scheduledEnd: Date?
    /// In the clear; hashed before it is stored.
    public var passcode: String?
    public var lobby: LobbyPolicy
    public var locked: Bool
    public var capacity: Int?
    public var screenShare: Audience
    public var chat: Audience
    public var chatHistory: Bool
    public var record: Audience
    public var draw: Audience

    public init(
        title: String, kind: MeetingKind = .instant, scheduledStart: Date? = nil, scheduledEnd: Date? = nil,
        passcode: String? = nil, lobby: LobbyPolicy = .off, locked: Bool = false, capacity: Int? = nil,
        screenShare: Audience = .everyone, chat: Audience = .everyone, chatHistory: Bool = false,
        record: Audience = .hosts, draw: Audience = .everyone
    ) {
        self.title = title
        self.kind = kind
        self.scheduledStart = scheduledStart
        self.scheduledEnd = scheduledEnd
        self.passcode = passcode
        self.lobby = lobby
        self.locked = locked
        self.capacity = capacity
        self.screenShare = screenShare
        self.chat = chat
        self.chatHistory = chatHistory
        self.record = record
        self.draw = draw
    }
}

/// One field of a change: leave it, or set it. `FieldChange<String?>.set(nil)` clears an optional field.
public enum FieldChange<Value: Hashable & Sendable>: Hashable, Sendable {
    case unchanged
    case set(Value)

    func apply(to value: inout Value) {
        if case .set(let new) = self { value = new }
    }
}

/// A change of a meeting. A meeting's kind and link never change.
public struct MeetingChange: Hashable, Sendable {
    public var title: FieldChange<String> = .unchanged
    public var scheduledStart: FieldChange<Date?> = .unchanged
    public var scheduledEnd: FieldChange<Date?> = .unchanged
    /// `.set(nil)` removes the passcode.
    public var passcode: FieldChange<String?> = .unchanged
    public var lobby: FieldChange<LobbyPolicy> = .unchanged
    public var locked: FieldChange<Bool> = .unchanged
    public var capacity: FieldChange<Int?> = .unchanged
    public var screenShare: FieldChange<Audience> = .unchanged
    public var chat: FieldChange<Audience> = .unchanged
    public var chatHistory: FieldChange<Bool> = .unchanged
    public var record: FieldChange<Audience> = .unchanged
    public var draw: FieldChange<Audience> = .unchanged

    public init() {}
}
