import Conference
import FoundationEssentials
import Testing

@Suite struct AccountServiceTests {
    let store = MemoryAccountStore()
    let sessions = RevokingSessions()
    let audit = MemoryAudit()
    let clock = TestClock()

    func service(_ hasher: TransparentHasher = TransparentHasher()) -> AccountService {
        AccountService(
            accounts: store, hasher: hasher, sessions: sessions, audit: audit, clock: clock, ids: CountingIDs())
    }

    func draft(_ email: String, _ role: AccountRole = .member) -> AccountDraft {
        AccountDraft(email: email, displayName: "Someone", role: role, password: "correct horse")
    }

    @Test func theRightPasswordSignsInWhateverTheSpellingOfTheAddress() async throws {
        let service = service()
        let account = try await service.create(draft("ada@example.com", .admin), by: nil)
        #expect(try await service.authenticate(email: " ADA@example.com", password: "correct horse") == account)
    }

    @Test func unknownWrongAndDisabledAreRefusedAlikeAfterTheSameWork() async throws {
        let hasher = TransparentHasher()
        let service = service(hasher)
        _ = try await service.create(draft("root@example.com", .admin), by: nil)
        let disabled = try await service.create(draft("gone@example.com"), by: nil)
        _ = try await service.change(disabled.id, AccountChange(isDisabled: true), by: nil)
        for (email, password) in [
            ("nobody@example.com", "correct horse"), ("root@example.com", "wrong horse"),
            ("gone@example.com", "correct horse"),
        ] {
            let before = hasher.work
            await #expect(throws: ConferenceError.wrongCredentials) {
                try await service.authenticate(email: email, password: password)
            }
            #expect(hasher.work == before + 1)
        }
    }

    @Test func aWeakHashIsReplacedAtSignInWithoutEndingSessions() async throws {
        let account = try await service(TransparentHasher(mark: "old:")).create(draft("a@example.com"), by: nil)
        clock.advance(by: 10)
        _ = try await service().authenticate(email: "a@example.com", password: "correct horse")
        let credentials = try #require(await store.credentials(account.id))
        #expect(credentials.passwordHash == PasswordHash(phc: "new:correct horse"))
        #expect(credentials.account.sessionsValidAfter == account.sessionsValidAfter)
    }

    @Test func allProblemsOfADraftAreReportedAtOnce() async throws {
        let error = await #expect(throws: ConferenceError.self) {
            try await service().create(AccountDraft(email: "x", displayName: "", password: "short"), by: nil)
        }
        guard case .invalid(let problems) = error else {
            Issue.record("expected invalid, got \(String(describing: error))")
            return
        }
        #expect(Set(problems.map(\.field)) == ["email", "displayName", "password"])
    }

    @Test func membersAdministerNobody() async throws {
        let service = service()
        let member = try await service.create(draft("m@example.com"), by: nil).principal
        let other = try await service.create(draft("o@example.com"), by: nil).id
        await #expect(throws: ConferenceError.forbidden) {
            try await service.create(draft("n@example.com"), by: member)
        }
        await #expect(throws: ConferenceError.forbidden) { try await service.list(PageRequest(), by: member) }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.change(other, AccountChange(isDisabled: true), by: member)
        }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.change(other, AccountChange(isDisabled: false), by: member)
        }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.change(other, AccountChange(role: .admin), by: member)
        }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.setPassword("a long password", of: other, by: member)
        }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.change(other, AccountChange(displayName: "X"), by: member)
        }
        await #expect(throws: ConferenceError.forbidden) { try await service.revokeSessions(of: other, by: member) }
        await #expect(throws: ConferenceError.forbidden) { try await service.account(other, by: member) }
        #expect(try await service.account(member.accountID, by: member).id == member.accountID)
    }

    @Test func theLastActiveAdministratorStays() async throws {
        let service = service()
        let first = try await service.create(draft("1@example.com", .admin), by: nil)
        let second = try await service.create(draft("2@example.com", .admin), by: nil)
        _ = try await service.change(second.id, AccountChange(isDisabled: true), by: first.principal)
        await #expect(throws: ConferenceError.conflict(.lastAdministrator)) {
            try await service.change(first.id, AccountChange(isDisabled: true), by: first.principal)
        }
        await #expect(throws: ConferenceError.conflict(.lastAdministrator)) {
            try await service.change(first.id, AccountChange(role: .member), by: first.principal)
        }
        _ = try await service.change(second.id, AccountChange(isDisabled: false), by: first.principal)
        #expect(try await service.change(first.id, AccountChange(role: .member), by: second.principal).role == .member)
    }

    @Test func whatTakesRightsAwayVoidsSessionsAndIsOnRecord() async throws {
        let service = service()
        let admin = try await service.create(draft("1@example.com", .admin), by: nil)
        let member = try await service.create(draft("2@example.com"), by: admin.principal)
        let session = Session(
            accountID: member.id.uuid, role: .member, email: "2@example.com", displayName: "Someone",
            createdAt: clock.now, expiresAt: clock.now.addingTimeInterval(3600))
        #expect(try await service.confirm(session) == member)
        clock.advance(by: 1)
        _ = try await service.setPassword("a new password", of: member.id, by: admin.principal)
        await #expect(throws: ConferenceError.notAuthenticated) { try await service.confirm(session) }
        _ = try await service.change(member.id, AccountChange(role: .admin), by: admin.principal)
        _ = try await service.change(member.id, AccountChange(isDisabled: true), by: admin.principal)
        #expect(sessions.revoked == [member.id.uuid, member.id.uuid, member.id.uuid])
        #expect(
            audit.actions == [
                .accountCreated, .accountCreated, .accountPasswordChanged, .accountRoleChanged, .accountDisabled,
            ])
    }

    @Test func aChangeIsMadeWholeOrNotAtAllAndSaysWhatItChanged() async throws {
        let service = service()
        let admin = try await service.create(draft("1@example.com", .admin), by: nil)
        let change = AccountChange(displayName: "New", role: .member, isDisabled: true)
        await #expect(throws: ConferenceError.conflict(.lastAdministrator)) {
            try await service.change(admin.id, change, by: nil)
        }
        #expect(try await service.account(admin.id, by: admin.principal) == admin)
        #expect(sessions.revoked.isEmpty)

        let member = try await service.create(draft("2@example.com"), by: nil)
        let changed = try await service.change(member.id, change, by: admin.principal)
        #expect(changed.displayName.text == "New" && !changed.isActive && changed.role == .member)
        #expect(audit.actions == [.accountCreated, .accountCreated, .accountDisabled])
        #expect(sessions.revoked == [member.id.uuid])
    }

    @Test func onesOwnNameIsOnesOwnToChangeAndEndsNoSession() async throws {
        let service = service()
        let member = try await service.create(draft("m@example.com"), by: nil)
        let change = AccountChange(displayName: "New")
        #expect(try await service.change(member.id, change, by: member.principal).displayName.text == "New")
        await #expect(throws: ConferenceError.forbidden) {
            try await service.change(member.id, AccountChange(isDisabled: false), by: member.principal)
        }
        #expect(sessions.revoked.isEmpty)
    }

    @Test func onesOwnPasswordChangesOnlyWithTheCurrentOne() async throws {
        let service = service()
        let account = try await service.create(draft("a@example.com"), by: nil)
        await #expect(throws: ConferenceError.wrongCredentials) {
            try await service.changeOwnPassword(current: "wrong horse", new: "another horse", by: account.principal)
        }
        _ = try await service.changeOwnPassword(
            current: "correct horse", new: "another horse", by: account.principal)
        #expect(try await service.authenticate(email: "a@example.com", password: "another horse").id == account.id)
    }

    @Test func listsGoPageByPage() async throws {
        let service = service()
        let admin = try await service.create(draft("0@example.com", .admin), by: nil)
        for number in 1...4 { _ = try await service.create(draft("\(number)@example.com"), by: nil) }
        let first = try await service.list(PageRequest(limit: 3), by: admin.principal)
        let second = try await service.list(PageRequest(limit: 3, cursor: first.next), by: admin.principal)
        #expect(first.items.map(\.email.text) == ["4@example.com", "3@example.com", "2@example.com"])
        #expect(second.items.map(\.email.text) == ["1@example.com", "0@example.com"])
        #expect(second.next == nil)
    }
}
