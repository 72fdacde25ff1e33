import Conference
import FoundationEssentials
import Platform

/// Accounts in memory, with the rules that the port promises.
final class MemoryAccountStore: AccountStoring {
    private struct Row {
        var account: Account
        var hash: PasswordHash
    }

    private let rows = Lock<[AccountID: Row]>([:])

    func insert(_ account: Account, passwordHash: PasswordHash) async throws {
        try rows.withLock { rows in
            guard !rows.values.contains(where: { $0.account.email == account.email }) else {
                throw ConferenceError.conflict(.emailTaken)
            }
            rows[account.id] = Row(account: account, hash: passwordHash)
        }
    }

    func account(_ id: AccountID) async throws -> Account? { rows.withLock { $0[id]?.account } }

    func credentials(email: EmailAddress) async throws -> AccountCredentials? {
        rows.withLock { rows in
            rows.values.first { $0.account.email == email }
                .map { AccountCredentials(account: $0.account, passwordHash: $0.hash) }
        }
    }

    func credentials(_ id: AccountID) async throws -> AccountCredentials? {
        rows.withLock { $0[id].map { AccountCredentials(account: $0.account, passwordHash: $0.hash) } }
    }

    func accounts(before: AccountID?, limit: Int) async throws -> [Account] {
        rows.withLock { rows in
            let below = rows.values.map(\.account).filter { account in before.map { account.id < $0 } ?? true }
            return Array(below.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    func change(
        _ id: AccountID, displayName: DisplayName?, role: AccountRole?, isDisabled: Bool?, at moment: Date
    ) async throws -> AccountChangeOutcome? {
        guard let before = try await account(id) else { return nil }
        let after = try change(id, takesRights: role == .member || isDisabled == true) { row in
            if let displayName { row.account.displayName = displayName }
            if let role { row.account.role = role }
            if let isDisabled { row.account.disabledAt = isDisabled ? row.account.disabledAt ?? moment : nil }
            if row.account.role != before.role || (before.isActive && !row.account.isActive) {
                row.account.sessionsValidAfter = moment
            }
        }
        return after.map {
            AccountChangeOutcome(
                account: $0, roleChanged: $0.role != before.role, activityChanged: $0.isActive != before.isActive)
        }
    }

    func setPassword(_ hash: PasswordHash, of id: AccountID, at moment: Date) async throws -> Account? {
        try change(id) {
            $0.hash = hash
            $0.account.sessionsValidAfter = moment
        }
    }

    func replaceHash(_ old: PasswordHash, with new: PasswordHash, of id: AccountID) async throws {
        _ = try change(id) { if $0.hash == old { $0.hash = new } }
    }

    func revokeSessions(of id: AccountID, at moment: Date) async throws -> Account? {
        try change(id) { $0.account.sessionsValidAfter = moment }
    }

    private func change(
        _ id: AccountID, takesRights: Bool = false, _ body: (inout Row) -> Void
    ) throws -> Account? {
        try rows.withLock { rows in
            guard var row = rows[id] else { return nil }
            let administrators = rows.values.filter { $0.account.role == .admin && $0.account.isActive }
            if takesRights, administrators.map(\.account.id) == [id] {
                throw ConferenceError.conflict(.lastAdministrator)
            }
            body(&row)
            rows[id] = row
            return row.account
        }
    }
}
