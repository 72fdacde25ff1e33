import FoundationEssentials

/// Someone who can sign in.
public struct Account: Hashable, Sendable, Identifiable {
    public let id: AccountID
    public var email: EmailAddress
    public var displayName: DisplayName
    public var role: AccountRole
    /// When the account was disabled; nil while it is active.
    public var disabledAt: Date?
    /// Sessions begun before this moment are void, whatever Redis or a signed cookie says.
    public var sessionsValidAfter: Date
    public let createdAt: Date

    public init(
        id: AccountID, email: EmailAddress, displayName: DisplayName, role: AccountRole, disabledAt: Date? = nil,
        sessionsValidAfter: Date, createdAt: Date
    ) {
        self.id = id
        self.email = email
        self.displayName = displayName
        self.role = role
        self.disabledAt = disabledAt
        self.sessionsValidAfter = sessionsValidAfter
        self.createdAt = createdAt
    }

    public var isActive: Bool { disabledAt == nil }

    /// Who acts when this account makes a request.
    public var principal: Principal { Principal(accountID: id, role: role) }

    /// Whether a session begun at `moment` still counts.
    public func acceptsSession(begunAt moment: Date) -> Bool {
        isActive && moment >= sessionsValidAfter
    }
}

extension Account {
    /// What a session of this account carries.
    public var sessionAccount: SessionAccount {
        SessionAccount(id: id.uuid, role: role, email: email.text, displayName: displayName.text)
    }
}
