import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresAccountTests {
    @Test func accountsReadBackAsTheyWereWritten() async throws {
        try await StoreTestDatabase.with { database in
            let account = try await database.account()
            #expect(try await database.accounts.account(account.id) == account)
            let credentials = AccountCredentials(account: account, passwordHash: .sample)
            #expect(try await database.accounts.credentials(email: account.email) == credentials)
            #expect(try await database.accounts.credentials(account.id) == credentials)
            #expect(try await database.accounts.account(AccountID(database.ids.next())) == nil)
        }
    }

    @Test func anAddressBelongsToOneAccount() async throws {
        try await StoreTestDatabase.with { database in
            _ = try await database.account("a@example.com")
            await #expect(throws: ConferenceError.conflict(.emailTaken)) {
                try await database.account("a@example.com")
            }
        }
    }

    @Test func changesAreStoredAndVoidSessionsWhereTheyMust() async throws {
        try await StoreTestDatabase.with { database in
            let store = database.accounts
            let account = try await database.account()
            let later = account.createdAt.addingTimeInterval(60)
            let renamed = try #require(
                await store.change(
                    account.id, displayName: DisplayName("New"), role: .member, isDisabled: false, at: later))
            #expect(renamed.account.displayName.text == "New")
            #expect(!renamed.roleChanged && !renamed.activityChanged)
            #expect(renamed.account.sessionsValidAfter == account.sessionsValidAfter)
            #expect(try await store.setPassword(.other, of: account.id, at: later)?.sessionsValidAfter == later)
            #expect(try await store.credentials(account.id)?.passwordHash == .other)
            try await store.replaceHash(.sample, with: .sample, of: account.id)
            #expect(
                try await store.credentials(account.id)?.passwordHash == .other, "the password was changed meanwhile")
            try await store.replaceHash(.other, with: .sample, of: account.id)
            #expect(try await store.credentials(account.id)?.passwordHash == .sample)
            let moment = later.addingTimeInterval(1)
            let disabled = try #require(
                await store.change(account.id, displayName: nil, role: nil, isDisabled: true, at: moment))
            #expect(!disabled.account.isActive && disabled.activityChanged && !disabled.roleChanged)
            #expect(disabled.account.displayName.text == "New")
            #expect(disabled.account.sessionsValidAfter == moment)
            #expect(
                try await store.revokeSessions(of: account.id, at: later)?.sessionsValidAfter
                    == later.addingTimeInterval(1))
            let both = try #require(
                await store.change(
                    account.id, displayName: nil, role: .admin, isDisabled: false, at: moment.addingTimeInterval(1)))
            #expect(both.account.isActive && both.activityChanged && both.roleChanged)
            #expect(both.account.sessionsValidAfter == moment.addingTimeInterval(1))
            let nobody = AccountID(database.ids.next())
            #expect(
                try await store.change(nobody, displayName: nil, role: .member, isDisabled: nil, at: later) == nil)
        }
    }

    @Test func aRefusedChangeChangesNothing() async throws {
        try await StoreTestDatabase.with { database in
            let admin = try await database.account("a@example.com", .admin)
            await #expect(throws: ConferenceError.conflict(.lastAdministrator)) {
                try await database.accounts.change(
                    admin.id, displayName: DisplayName("New"), role: nil, isDisabled: true, at: database.clock.now)
            }
            #expect(try await database.accounts.account(admin.id) == admin)
        }
    }

    @Test func twoAdministratorsWhoDemoteEachOtherAtOnceLeaveOne() async throws {
        try await StoreTestDatabase.with { database in
            let store = database.accounts
            for round in 0..<10 {
                let first = try await database.account("\(round)a@example.com", .admin)
                let second = try await database.account("\(round)b@example.com", .admin)
                async let one = demote(first, store)
                async let two = demote(second, store)
                #expect(try await [one, two].count { $0 } == 1)
                let admins = try await store.accounts(before: nil, limit: 100).filter {
                    $0.role == .admin && $0.isActive
                }
                #expect(admins.count == 1)
                // Out of the next round's way, which needs two of its own.
                try await database.postgres.execute("UPDATE accounts SET role = 'member'")
            }
        }
    }

    private func demote(_ account: Account, _ store: PostgresAccountStore) async throws -> Bool {
        do {
            return try await store.change(
                account.id, displayName: nil, role: .member, isDisabled: nil, at: account.createdAt) != nil
        } catch ConferenceError.conflict(.lastAdministrator) {
            return false
        }
    }

    @Test func listsGoPageByPage() async throws {
        try await StoreTestDatabase.with { database in
            var written: [AccountID] = []
            for number in 0..<5 { written.append(try await database.account("\(number)@example.com").id) }
            let first = try await database.accounts.accounts(before: nil, limit: 3)
            _ = try await database.account("new@example.com")
            let second = try await database.accounts.accounts(before: first.last?.id, limit: 3)
            #expect((first + second).map(\.id) == written.reversed())
        }
    }
}
