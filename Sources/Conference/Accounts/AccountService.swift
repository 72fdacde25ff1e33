import FoundationEssentials

/// A new account as an administrator asks for it.
public struct AccountDraft: Sendable {
    public var email: String
    public var displayName: String
    public var role: AccountRole
    public var password: String

    public init(email: String, displayName: String, role: AccountRole = .member, password: String) {
        self.email = email
        self.displayName = displayName
        self.role = role
        self.password = password
    }
}

/// Signing in, and the administration of accounts.
///
/// `by: nil` stands for the command line and the system itself, which may do everything.
public struct AccountService: Sendable {
    let accounts: any AccountStoring
    let hasher: any PasswordHashing
    let sessions: any SessionStoring
    let audit: any AuditLogging
    let clock: any WallClock
    let ids: any IDGenerating

    public init(
        accounts: any AccountStoring, hasher: any PasswordHashing, sessions: any SessionStoring,
        audit: any AuditLogging, clock: any WallClock, ids: any IDGenerating
    ) {
        self.accounts = accounts
        self.hasher = hasher
        self.sessions = sessions
        self.audit = audit
        self.clock = clock
        self.ids = ids
    }

    /// The account that these credentials belong to.
    ///
    /// Throws `wrongCredentials` for an unknown address, a wrong password and a disabled account alike, after the same
    /// amount of work; `busy` when too many passwords are being checked; `unavailable`.
    public func authenticate(email: String, password: String) async throws -> Account {
        guard password.utf8.count <= Limits.passwordBytes.upperBound, let address = try? EmailAddress(email) else {
            throw ConferenceError.wrongCredentials
        }
        let credentials = try await accounts.credentials(email: address)
        let verification = try await hasher.verify(password, against: credentials?.passwordHash)
        guard case .correct(let needsRehash) = verification, let credentials, credentials.account.isActive else {
            throw ConferenceError.wrongCredentials
        }
        if needsRehash { await strengthen(credentials, password) }
        return credentials.account
    }

    /// The account behind a session, read from the database: for sessions that Redis couldn't confirm.
    ///
    /// Throws `notAuthenticated` when the account was disabled, or its sessions revoked, since the session began.
    public func confirm(_ session: Session) async throws -> Account {
        guard let account = try await accounts.account(AccountID(session.accountID)),
            account.acceptsSession(begunAt: session.createdAt)
        else { throw ConferenceError.notAuthenticated }
        return account
    }

    /// The account with this id: one's own, or any for administrators. Throws `forbidden`, `notFound(.account)`.
    public func account(_ id: AccountID, by actor: Principal) async throws -> Account {
        guard actor.isAdmin || actor.accountID == id else { throw ConferenceError.forbidden }
        return try await found(accounts.account(id))
    }

    /// All accounts, newest first, for administrators.
    public func list(_ page: PageRequest, by actor: Principal) async throws -> Page<Account> {
        try actor.requireAdmin()
        let before = page.cursor.map { AccountID($0.after) }
        return .cut(
            try await accounts.accounts(before: before, limit: page.limit + 1), limit: page.limit, id: \.id.uuid)
    }

    /// Throws `invalid` with every problem at once, `conflict(.emailTaken)`, `forbidden`.
    public func create(_ draft: AccountDraft, by actor: Principal?) async throws -> Account {
        try actor?.requireAdmin()
        var problems = FieldProblems()
        let email = problems.collect { try EmailAddress(draft.email) }
        let name = problems.collect { try DisplayName(draft.displayName) }
        problems.check(passwordProblem(draft.password, field: "password"))
        guard let email, let name, problems.isEmpty else { throw problems.error }

        let hash = try await hasher.hash(draft.password)
        let now = clock.now
        let account = Account(
            id: AccountID(ids.next()), email: email, displayName: name, role: draft.role, sessionsValidAfter: now,
            createdAt: now)
        try await audit.atomically {
            try await accounts.insert(account, passwordHash: hash)
            try await log(.accountCreated, account, by: actor, at: now, ["role": account.role.rawValue])
        }
        return account
    }

    func found(_ account: Account?) throws -> Account {
        guard let account else { throw ConferenceError.notFound(.account) }
        return account
    }

    func log(
        _ action: AuditEntry.Action, _ account: Account, by actor: Principal?, at: Date,
        _ details: [String: String] = [:]
    ) async throws {
        try await audit.record(
            AuditEntry(action, actor: actor?.accountID, subject: account.id.uuid, at: at, details: details))
    }

    func passwordProblem(_ password: String, field: String) -> FieldProblem? {
        guard !Limits.passwordBytes.contains(password.utf8.count) else { return nil }
        let (least, most) = (Limits.passwordBytes.lowerBound, Limits.passwordBytes.upperBound)
        return FieldProblem(field, "must have \(least) to \(most) bytes in UTF-8")
    }

    /// A better hash is worth having, but no reason to refuse a right password when it can't be stored now.
    private func strengthen(_ credentials: AccountCredentials, _ password: String) async {
        guard let better = try? await hasher.hash(password) else { return }
        try? await accounts.replaceHash(credentials.passwordHash, with: better, of: credentials.account.id)
    }
}
