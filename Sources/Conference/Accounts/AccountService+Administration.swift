import FoundationEssentials

/// What changes an account's rights. Each of these voids the account's sessions, in the database first (which is what
/// counts in the end), then in the session store.
extension AccountService {
    /// Throws `conflict(.lastAdministrator)`, `notFound(.account)`, `forbidden`.
    public func setRole(_ role: AccountRole, of id: AccountID, by actor: Principal?) async throws -> Account {
        try actor?.requireAdmin()
        let now = clock.now
        let account = try await found(accounts.setRole(role, of: id, at: now))
        await sessions.revokeAll(of: id.uuid)
        try await log(.accountRoleChanged, account, by: actor, at: now, ["role": role.rawValue])
        return account
    }

    /// Throws `conflict(.lastAdministrator)`, `notFound(.account)`, `forbidden`.
    public func disable(_ id: AccountID, by actor: Principal?) async throws -> Account {
        try actor?.requireAdmin()
        let now = clock.now
        let account = try await found(accounts.disable(id, at: now))
        await sessions.revokeAll(of: id.uuid)
        try await log(.accountDisabled, account, by: actor, at: now)
        return account
    }

    /// Throws `notFound(.account)`, `forbidden`.
    public func enable(_ id: AccountID, by actor: Principal?) async throws -> Account {
        try actor?.requireAdmin()
        let account = try await found(accounts.enable(id))
        try await log(.accountEnabled, account, by: actor, at: clock.now)
        return account
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
        let account = try await found(accounts.revokeSessions(of: id, at: now))
        await sessions.revokeAll(of: id.uuid)
        try await log(.accountSessionsRevoked, account, by: actor, at: now)
        return account
    }

    private func store(
        _ password: String, of id: AccountID, field: String, by actor: Principal?
    ) async throws -> Account {
        if let problem = passwordProblem(password, field: field) { throw ConferenceError.invalid([problem]) }
        let hash = try await hasher.hash(password)
        let now = clock.now
        let account = try await found(accounts.setPassword(hash, of: id, at: now))
        await sessions.revokeAll(of: id.uuid)
        try await log(.accountPasswordChanged, account, by: actor, at: now)
        return account
    }
}
