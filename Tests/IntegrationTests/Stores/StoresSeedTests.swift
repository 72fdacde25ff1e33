import Conference
import ConferenceStores
import Testing

@Suite struct StoresSeedTests {
    @Test func seedingTwiceChangesNothingTheSecondTime() async throws {
        try await StoreTestDatabase.with { database in
            let seed = DevelopmentSeed(postgres: database.postgres)
            let first = try await seed.run(environment: "local")
            #expect(first.accounts == 2)
            #expect(first.meetings == 4)
            #expect(first.participants == 12)
            #expect(first.events == 12)
            #expect(try await seed.run(environment: "local") == DevelopmentSeed.Summary())
        }
    }

    @Test func theSeededAccountsSignIn() async throws {
        try await StoreTestDatabase.with { database in
            _ = try await DevelopmentSeed(postgres: database.postgres).run(environment: "local")
            let hasher = Argon2PasswordHasher()
            for (email, password, role) in [
                (DevelopmentSeed.adminEmail, DevelopmentSeed.adminPassword, AccountRole.admin),
                (DevelopmentSeed.memberEmail, DevelopmentSeed.memberPassword, AccountRole.member),
            ] {
                let credentials = try #require(await database.accounts.credentials(email: EmailAddress(email)))
                #expect(credentials.account.role == role)
                #expect(
                    try await hasher.verify(password, against: credentials.passwordHash) == .correct(needsRehash: false)
                )
            }
            let code = try #require(JoinCode("seed-0000-0000-0000-0002"))
            #expect(try await database.meetings.meeting(.code(code))?.settings.requiresPasscode == true)
        }
    }

    @Test(arguments: ["production", "staging", ""]) func otherEnvironmentsAreRefused(environment: String) async throws {
        try await StoreTestDatabase.with { database in
            await #expect(throws: DevelopmentSeed.Refused.self) {
                try await DevelopmentSeed(postgres: database.postgres).run(environment: environment)
            }
            let accounts = try await database.accounts.accounts(before: nil, limit: 10)
            #expect(accounts.isEmpty)
        }
    }
}
