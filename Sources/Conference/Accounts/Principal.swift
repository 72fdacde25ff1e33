/// Who makes a request: as much of an account as decisions need.
public struct Principal: Hashable, Sendable {
    public let accountID: AccountID
    public let role: AccountRole

    public init(accountID: AccountID, role: AccountRole) {
        self.accountID = accountID
        self.role = role
    }

    public var isAdmin: Bool { role == .admin }

    /// Throws `ConferenceError.forbidden` unless an administrator acts.
    func requireAdmin() throws {
        guard isAdmin else { throw ConferenceError.forbidden }
    }
}

extension Session {
    /// Who acts when a request carries this session.
    public var principal: Principal { Principal(accountID: AccountID(accountID), role: role) }
}
