import FoundationEssentials

/// The account that signs in, as a session carries it.
public struct SessionAccount: Hashable, Sendable {
    public let id: UUID
    public let role: AccountRole
    public let email: String
    public let displayName: String

    public init(id: UUID, role: AccountRole, email: String, displayName: String) {
        self.id = id
        self.role = role
        self.email = email
        self.displayName = displayName
    }
}

/// A signed-in account.
public struct Session: Hashable, Sendable {
    public let accountID: UUID
    public let role: AccountRole
    public let email: String
    public let displayName: String
    public let createdAt: Date
    /// Moves on while the session is used.
    public let expiresAt: Date

    public init(
        accountID: UUID, role: AccountRole, email: String, displayName: String, createdAt: Date, expiresAt: Date
    ) {
        self.accountID = accountID
        self.role = role
        self.email = email
        self.displayName = displayName
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A session together with the cookie that stands for it.
public struct IssuedSession: Hashable, Sendable {
    public let session: Session
    /// The cookie's value: URL-safe characters only. Secret: never in a log.
    public let cookie: String

    public init(session: Session, cookie: String) {
        self.session = session
        self.cookie = cookie
    }
}

/// What a cookie stands for.
public struct FoundSession: Hashable, Sendable {
    public let session: Session
    /// When not nil, answer with this as the cookie's new value.
    public let renewedCookie: String?
    /// False while the session store is away and the cookie's signature alone was judged.
    public let isConfirmed: Bool

    public init(session: Session, renewedCookie: String?, isConfirmed: Bool) {
        self.session = session
        self.renewedCookie = renewedCookie
        self.isConfirmed = isConfirmed
    }
}

/// How far a revocation got.
public enum SessionRevocation: Hashable, Sendable {
    /// The sessions are gone everywhere.
    case done
    /// The session store is away: this process refuses the sessions from now on and tells the store when it is back.
    case deferred
}

/// Keeps the sessions of signed-in accounts.
///
/// None of the functions fails when the store is away: signed cookies then stand in for it for a short time.
public protocol SessionStoring: Sendable {
    /// Starts a session.
    func create(for account: SessionAccount) async -> IssuedSession

    /// The session of a cookie's value, or nil when it is forged, unknown, expired or revoked.
    func find(cookie: String) async -> FoundSession?

    /// Ends the session of a cookie's value. An invalid cookie is no error.
    @discardableResult func revoke(cookie: String) async -> SessionRevocation

    /// Ends all sessions of an account.
    @discardableResult func revokeAll(of accountID: UUID) async -> SessionRevocation
}
