import FoundationEssentials

/// An account with its password's hash.
public struct AccountCredentials: Hashable, Sendable {
    public let account: Account
    public let passwordHash: PasswordHash

    public init(account: Account, passwordHash: PasswordHash) {
        self.account = account
        self.passwordHash = passwordHash
    }
}

/// What came of a change of an account.
public struct AccountChangeOutcome: Hashable, Sendable {
    public let account: Account
    public let roleChanged: Bool
    /// It was disabled or enabled.
    public let activityChanged: Bool

    public init(account: Account, roleChanged: Bool, activityChanged: Bool) {
        self.account = account
        self.roleChanged = roleChanged
        self.activityChanged = activityChanged
    }
}

/// Where accounts are kept. Every function may throw `ConferenceError.unavailable`.
public protocol AccountStoring: Sendable {
    /// Throws `ConferenceError.conflict(.emailTaken)`.
    func insert(_ account: Account, passwordHash: PasswordHash) async throws
    func account(_ id: AccountID) async throws -> Account?
    func credentials(email: EmailAddress) async throws -> AccountCredentials?
    func credentials(_ id: AccountID) async throws -> AccountCredentials?
    /// Up to `limit` accounts with ids below `before` (all when nil), highest first.
    func accounts(before: AccountID?, limit: Int) async throws -> [Account]
    /// Changes what isn't nil, in one step. Another role (which sessions carry) and disabling void the sessions begun before
    /// `moment`.
    ///
    /// Nil when there is no such account. Throws `ConferenceError.conflict(.lastAdministrator)`, decided atomically.
    func change(
        _ id: AccountID, displayName: DisplayName?, role: AccountRole?, isDisabled: Bool?, at moment: Date
    ) async throws -> AccountChangeOutcome?
    /// Sets a new password and voids the sessions begun before `moment`.
    func setPassword(_ hash: PasswordHash, of id: AccountID, at moment: Date) async throws -> Account?
    /// Stores a stronger hash of the same password, unless the password was changed meanwhile. Sessions stay.
    func replaceHash(_ old: PasswordHash, with new: PasswordHash, of id: AccountID) async throws
    /// Voids the sessions begun before `moment`.
    func revokeSessions(of id: AccountID, at moment: Date) async throws -> Account?
}
