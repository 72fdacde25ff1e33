import Conference
import FoundationEssentials
import Postgres

/// Accounts in PostgreSQL: the table `accounts`.
public struct PostgresAccountStore: AccountStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    static let columns = "id, email, display_name, role, disabled_at, sessions_valid_after, created_at"

    public func insert(_ account: Account, passwordHash: PasswordHash) async throws {
        let sql = """
            INSERT INTO accounts
                (id, email, display_name, role, password_hash, disabled_at, sessions_valid_after, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """
        _ = try await StoreError.mapped(["accounts_email_unique": .emailTaken, "accounts_pkey": .duplicate]) {
            try await postgres.execute(
                sql,
                [
                    account.id.uuid, account.email.text, account.displayName.text, account.role.rawValue,
                    passwordHash.phc, account.disabledAt, account.sessionsValidAfter, account.createdAt,
                ])
        }
    }

    public func account(_ id: AccountID) async throws -> Account? {
        try await one("SELECT \(Self.columns) FROM accounts WHERE id = $1", [id.uuid])
    }

    public func credentials(email: EmailAddress) async throws -> AccountCredentials? {
        try await credentials("SELECT \(Self.columns), password_hash FROM accounts WHERE email = $1", email.text)
    }

    public func credentials(_ id: AccountID) async throws -> AccountCredentials? {
        try await credentials("SELECT \(Self.columns), password_hash FROM accounts WHERE id = $1", id.uuid)
    }

    public func accounts(before: AccountID?, limit: Int) async throws -> [Account] {
        let sql = "SELECT \(Self.columns) FROM accounts WHERE id < $1 ORDER BY id DESC LIMIT $2"
        return try await StoreError.mapped {
            try await postgres.query(sql, [before?.uuid ?? .highest, limit]).map(Self.account)
        }
    }

    public func change(
        _ id: AccountID, displayName: DisplayName?, role: AccountRole?, isDisabled: Bool?, at moment: Date
    ) async throws -> AccountChangeOutcome? {
        let sql = """
            UPDATE accounts
            SET display_name = coalesce($2, display_name), role = coalesce($3, role),
                disabled_at = CASE $4::boolean
                    WHEN true THEN coalesce(disabled_at, $5) WHEN false THEN NULL ELSE disabled_at END,
                sessions_valid_after = CASE
                    WHEN role <> $3 OR ($4 AND disabled_at IS NULL) THEN greatest(sessions_valid_after, $5)
                    ELSE sessions_valid_after END
            WHERE id = $1
            RETURNING \(Self.columns), old.role <> new.role, (old.disabled_at IS NULL) <> (new.disabled_at IS NULL)
            """
        let parameters: [(any PostgresEncodable)?] = [id.uuid, displayName?.text, role?.rawValue, isDisabled, moment]
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                if role == .member || isDisabled == true { try await Self.keepAdministrator(besides: id, connection) }
                return try await connection.query(sql, parameters).first.map(Self.outcome)
            }
        }
    }

    public func setPassword(_ hash: PasswordHash, of id: AccountID, at moment: Date) async throws -> Account? {
        let sql = """
            UPDATE accounts SET password_hash = $2, sessions_valid_after = greatest(sessions_valid_after, $3)
            WHERE id = $1
            RETURNING \(Self.columns)
            """
        return try await one(sql, [id.uuid, hash.phc, moment])
    }

    public func replaceHash(_ old: PasswordHash, with new: PasswordHash, of id: AccountID) async throws {
        let sql = "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2"
        _ = try await StoreError.mapped { try await postgres.execute(sql, [id.uuid, old.phc, new.phc]) }
    }

    public func revokeSessions(of id: AccountID, at moment: Date) async throws -> Account? {
        let sql = """
            UPDATE accounts SET sessions_valid_after = greatest(sessions_valid_after, $2) WHERE id = $1
            RETURNING \(Self.columns)
            """
        return try await one(sql, [id.uuid, moment])
    }

    /// Throws when this account, whose rights are to be taken, is the last active administrator. All of them are locked,
    /// so that two of them can't take each other's rights at once.
    private static func keepAdministrator(besides id: AccountID, _ connection: PostgresConnection) async throws {
        let lock = "SELECT id FROM accounts WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE"
        let administrators = try await connection.query(lock, []).map { try $0.get(0, as: UUID.self) }
        guard administrators != [id.uuid] else { throw ConferenceError.conflict(.lastAdministrator) }
    }

    private func one(_ sql: String, _ parameters: [(any PostgresEncodable)?]) async throws -> Account? {
        try await StoreError.mapped { try await postgres.query(sql, parameters).first.map(Self.account) }
    }

    private func credentials(_ sql: String, _ parameter: any PostgresEncodable) async throws -> AccountCredentials? {
        try await StoreError.mapped {
            try await postgres.query(sql, [parameter]).first.map { row in
                var reader = RowReader(row)
                let account = try Self.account(&reader)
                return AccountCredentials(account: account, passwordHash: PasswordHash(phc: try reader.next()))
            }
        }
    }

    private static func outcome(_ row: PostgresRow) throws -> AccountChangeOutcome {
        var reader = RowReader(row)
        return try AccountChangeOutcome(
            account: account(&reader), roleChanged: reader.next(), activityChanged: reader.next())
    }

    private static func account(_ row: PostgresRow) throws -> Account {
        var reader = RowReader(row)
        return try account(&reader)
    }

    /// Reads `columns`, in their order.
    private static func account(_ reader: inout RowReader) throws -> Account {
        try Account(
            id: AccountID(reader.next()), email: EmailAddress(stored: reader.next()),
            displayName: DisplayName(stored: reader.next()), role: reader.nextCase(), disabledAt: reader.next(),
            sessionsValidAfter: reader.next(), createdAt: reader.next())
    }
}

extension UUID {
    /// Above every id that is ever made: where a list without a cursor begins.
    static let highest = UUID(uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
}
