import FoundationEssentials

/// What an account is asked to become; nil stays as it is.
public struct AccountChange: Sendable {
    public var displayName: String?
    public var role: AccountRole?
    public var isDisabled: Bool?

    public init(displayName: String? = nil, role: AccountRole? = nil, isDisabled: Bool? = nil) {
        self.displayName = displayName
        self.role = role
        self.isDisabled = isDisabled
    }
}

/// Changes of accounts. What changes an account's rights or its password voids its sessions: in the database first, which
/// is what counts in the end, then in the session store.
extension AccountService {
    /// Changes all of it or nothing. One's own name is for everyone to change, the rest for administrators.
    ///
    /// Throws `invalid`, `conflict(.lastAdministrator)`, `notFound(.account)`, `forbidden`.
    public func change(_ id: AccountID, _ change: AccountChange, by actor: Principal?) async throws -> Account {
        let concernsRights = change.role != nil || change.isDisabled != nil
        if let actor, concernsRights || actor.accountID != id { try actor.requireAdmin() }
        let name = try change.displayName.map { try DisplayName($0) }
        let now = clock.now
        let outcome = try await audit.atomically {
            let outcome = try await accounts.change(
                id, displayName: name, role: change.role, isDisabled: change.isDisabled, at: now)
            guard let outcome else { throw ConferenceError.notFound(.account) }
            let account = outcome.account
            if outcome.roleChanged {
                try await log(.accountRoleChanged, account, by: actor, at: now, ["role": account.role.rawValue])
            }
            if outcome.activityChanged {
                try await log(account.isActive ? .accountEnabled : .accountDisabled, account, by: actor, at: now)
            }
            return outcome
        }
        if outcome.roleChanged || change.isDisabled == true { await sessions.revokeAll(of: id.uuid) }
        return outcome.account
    }

    /// Sets someone's password without knowing the old one, for administrators.
    /// Throws `invalid`, `notFound(.account)`, `forbidden`.
    public func setPassword(_ password: String, of id: AccountID, by actor: Principal?) async throws -> Account {
        try actor?.requireAdmin()
        return try await store(password, of: id, field: "password", by: actor)
    }

    /// Changes one's own password. The caller starts a new session afterwards: all earlier ones end.
    /// Throws `wrongCredentials` when `current` is wrong, `invalid`.
    public func changeOwnPassword(current: String, new: String, by actor: Principal) async throws -> Account {
        guard current.utf8.count <= Limits.passwordBytes.upperBound else { throw ConferenceError.wrongCredentials }
        if let problem = passwordProblem(new, field: "newPassword") { throw ConferenceError.invalid([problem]) }
        let credentials = try await accounts.credentials(actor.accountID)
        guard case .correct = try await hasher.verify(current, against: credentials?.passwordHash) else {
            throw ConferenceError.wrongCredentials
        }
        return try await store(new, of: actor.accountID, field: "newPassword", by: actor)
    }

    /// Ends all sessions of an account: one's own, or anybody's for administrators.
    public func revokeSessions(of id: AccountID, by actor: Principal?) async throws -> Account {
        if let actor, actor.accountID != id { try actor.requireAdmin() }
        let now = clock.now
        let account = try await audit.atomically {
            let account = try await found(accounts.revokeSessions(of: id, at: now))
            try await log(.accountSessionsRevoked, account, by: actor, at: now)
            return account
        }
        await sessions.revokeAll(of: id.uuid)
        return account
    }

    private func store(
        _ password: String, of id: AccountID, field: String, by actor: Principal?
    ) async throws -> Account {
        if let problem = passwordProblem(password, field: field) { throw ConferenceError.invalid([problem]) }
        let hash = try await hasher.hash(password)
        let now = clock.now
        let account = try await audit.atomically {
            let account = try await found(accounts.setPassword(hash, of: id, at: now))
            try await log(.accountPasswordChanged, account, by: actor, at: now)
            return account
        }
        await sessions.revokeAll(of: id.uuid)
        return account
    }
}
