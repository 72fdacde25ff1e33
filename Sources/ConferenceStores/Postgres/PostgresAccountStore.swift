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

    public func setDisplayName(_ name: DisplayName, of id: AccountID) async throws -> Account? {
        try await one(
            "UPDATE accounts SET display_name = $2 WHERE id = $1 RETURNING \(Self.columns)", [id.uuid, name.text])
    }

    public func setRole(_ role: AccountRole, of id: AccountID, at moment: Date) async throws -> Account? {
        let sql = """
            UPDATE accounts SET role = $2, sessions_valid_after = greatest(sessions_valid_after, $3) WHERE id = $1
            RETURNING \(Self.columns)
            """
        return try await keepingAnAdministrator(
            other: role == .admin ? nil : id, sql, [id.uuid, role.rawValue, moment])
    }

    public func disable(_ id: AccountID, at moment: Date) async throws -> Account? {
        let sql = """
            UPDATE accounts
            SET disabled_at = coalesce(disabled_at, $2), sessions_valid_after = greatest(sessions_valid_after, $2)
            WHERE id = $1
            RETURNING \(Self.columns)
            """
        return try await keepingAnAdministrator(other: id, sql, [id.uuid, moment])
    }

    public func enable(_ id: AccountID) async throws -> Account? {
        try await one("UPDATE accounts SET disabled_at = NULL WHERE id = $1 RETURNING \(Self.columns)", [id.uuid])
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

    /// Runs `update` unless `other`, whom it takes the rights from, is the last active administrator. All of them are
    /// locked first, so that two of them can't take each other's rights at once.
    private func keepingAnAdministrator(
        other: AccountID?, _ update: String, _ parameters: [(any PostgresEncodable)?]
    ) async throws -> Account? {
        guard let other else { return try await one(update, parameters) }
        let lock = "SELECT id FROM accounts WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE"
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                let administrators = try await connection.query(lock, []).map { try $0.get(0, as: UUID.self) }
                guard administrators != [other.uuid] else { throw ConferenceError.conflict(.lastAdministrator) }
                return try await connection.query(update, parameters).first.map(Self.account)
            }
        }
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
