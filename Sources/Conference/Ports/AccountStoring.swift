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

/// Where accounts are kept. Every function may throw `ConferenceError.unavailable`.
public protocol AccountStoring: Sendable {
    /// Throws `ConferenceError.conflict(.emailTaken)`.
    func insert(_ account: Account, passwordHash: PasswordHash) async throws
    func account(_ id: AccountID) async throws -> Account?
    func credentials(email: EmailAddress) async throws -> AccountCredentials?
    func credentials(_ id: AccountID) async throws -> AccountCredentials?
    /// Up to `limit` accounts with ids below `before` (all when nil), highest first.
    func accounts(before: AccountID?, limit: Int) async throws -> [Account]
    func setDisplayName(_ name: DisplayName, of id: AccountID) async throws -> Account?
    /// Nil when there is no such account. Throws `ConferenceError.conflict(.lastAdministrator)`, decided atomically.
    /// Changing the role voids earlier sessions, which carry it: `sessionsValidAfter` becomes `moment`.
    func setRole(_ role: AccountRole, of id: AccountID, at moment: Date) async throws -> Account?
    /// Disables the account at `moment` and voids its sessions. Nil and errors as in `setRole`.
    func disable(_ id: AccountID, at moment: Date) async throws -> Account?
    func enable(_ id: AccountID) async throws -> Account?
    /// Sets a new password and voids the sessions begun before `moment`.
    func setPassword(_ hash: PasswordHash, of id: AccountID, at moment: Date) async throws -> Account?
    /// Stores a stronger hash of the same password, unless the password was changed meanwhile. Sessions stay.
    func replaceHash(_ old: PasswordHash, with new: PasswordHash, of id: AccountID) async throws
    /// Voids the sessions begun before `moment`.
    func revokeSessions(of id: AccountID, at moment: Date) async throws -> Account?
}
