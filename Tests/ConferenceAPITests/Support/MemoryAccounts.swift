import Conference
import FoundationEssentials
import Platform

/// Accounts in memory. `outage` makes every function fail as if the database were away.
final class MemoryAccounts: AccountStoring {
    private struct Content {
        var accounts: [AccountID: AccountCredentials] = [:]
        var outage: ConferenceError?
    }

    private let content = Lock(Content())

    var outage: ConferenceError? {
        get { content.withLock { $0.outage } }
        set { content.withLock { $0.outage = newValue } }
    }

    private func withAccounts<Value>(
        _ body: (inout sending [AccountID: AccountCredentials]) throws -> sending Value
    ) throws -> Value {
        try content.withLock { content in
            if let outage = content.outage { throw outage }
            return try body(&content.accounts)
        }
    }

    private func change(_ id: AccountID, _ change: (inout Account) -> Void) throws -> Account? {
        try withAccounts { accounts in
            guard let old = accounts[id] else { return nil }
            var account = old.account
            change(&account)
            accounts[id] = AccountCredentials(account: account, passwordHash: old.passwordHash)
            return account
        }
    }

    func insert(_ account: Account, passwordHash: PasswordHash) async throws {
        try withAccounts { accounts in
            guard !accounts.values.contains(where: { $0.account.email == account.email }) else {
                throw ConferenceError.conflict(.emailTaken)
            }
            accounts[account.id] = AccountCredentials(account: account, passwordHash: passwordHash)
        }
    }

    func account(_ id: AccountID) async throws -> Account? { try withAccounts { $0[id]?.account } }

    func credentials(email: EmailAddress) async throws -> AccountCredentials? {
        try withAccounts { $0.values.first { $0.account.email == email } }
    }

    func credentials(_ id: AccountID) async throws -> AccountCredentials? { try withAccounts { $0[id] } }

    func accounts(before: AccountID?, limit: Int) async throws -> [Account] {
        try withAccounts { accounts in
            let sorted = accounts.values.map(\.account).sorted { $0.id > $1.id }
            return Array(sorted.filter { before == nil || $0.id < before! }.prefix(limit))
        }
    }

    func change(
        _ id: AccountID, displayName: DisplayName?, role: AccountRole?, isDisabled: Bool?, at moment: Date
    ) async throws -> AccountChangeOutcome? {
        try checkLastAdministrator(id, stays: role != .member && isDisabled != true)
        guard let before = try await account(id) else { return nil }
        let after = try change(id) { account in
            if let displayName { account.displayName = displayName }
            if let role { account.role = role }
            if let isDisabled { account.disabledAt = isDisabled ? moment : nil }
            if account.role != before.role || isDisabled == true { account.sessionsValidAfter = moment }
        }
        return after.map {
            AccountChangeOutcome(
                account: $0, roleChanged: $0.role != before.role, activityChanged: $0.isActive != before.isActive)
        }
    }

    private func checkLastAdministrator(_ id: AccountID, stays: Bool) throws {
        let isLast = try withAccounts { accounts in
            let others = accounts.values.filter {
                $0.account.role == .admin && $0.account.isActive && $0.account.id != id
            }
            return accounts[id]?.account.role == .admin && others.isEmpty
        }
        if isLast, !stays { throw ConferenceError.conflict(.lastAdministrator) }
    }

    func setPassword(_ hash: PasswordHash, of id: AccountID, at moment: Date) async throws -> Account? {
        try withAccounts { accounts in
            guard var account = accounts[id]?.account else { return nil }
            account.sessionsValidAfter = moment
            accounts[id] = AccountCredentials(account: account, passwordHash: hash)
            return account
        }
    }

    func replaceHash(_ old: PasswordHash, with new: PasswordHash, of id: AccountID) async throws {}

    func revokeSessions(of id: AccountID, at moment: Date) async throws -> Account? {
        try change(id) { $0.sessionsValidAfter = moment }
    }
}
