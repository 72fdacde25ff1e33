import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Postgres

/// A migrated database of its own for one test, with the stores on it.
struct StoreTestDatabase: Sendable {
    let postgres: Postgres
    let loops: [EventLoop]
    let ids = UUIDv7Generator()
    let clock = SystemWallClock()

    var accounts: PostgresAccountStore { PostgresAccountStore(postgres) }
    var meetings: PostgresMeetingStore { PostgresMeetingStore(postgres) }
    var participants: PostgresParticipantStore { PostgresParticipantStore(postgres) }

    var messages: PostgresMessageStore { PostgresMessageStore(postgres) }

    static let migrations = String(#filePath.split(separator: "Tests/IntegrationTests", maxSplits: 1)[0]) + "migrations"

    static func with(
        loopCount: Int = 1, poolSize: Int = 4, statementTimeout: Duration? = nil,
        _ body: (StoreTestDatabase) async throws -> Void
    ) async throws {
        try await PostgresTestDatabase.with(loopCount: loopCount) { database in
            let runner = MigrationRunner(
                directory: migrations, configuration: try PostgresConfiguration(url: database.url),
                loop: database.loops[0], log: database.log)
            _ = try await runner.migrate()
            let configure: (inout PostgresConfiguration) -> Void = { configuration in
                configuration.poolSize = poolSize
                if let statementTimeout { configuration.statementTimeout = statementTimeout }
            }
            try await database.withPostgres(configure) { postgres in
                try await body(StoreTestDatabase(postgres: postgres, loops: database.loops))
            }
        }
    }

    /// An account that was written.
    func account(_ email: String = "owner@example.com", _ role: AccountRole = .member) async throws -> Account {
        let account = Account(
            id: AccountID(ids.next()), email: try EmailAddress(email), displayName: try DisplayName("Someone"),
            role: role, sessionsValidAfter: clock.now, createdAt: clock.now)
        try await accounts.insert(account, passwordHash: .sample)
        return account
    }

    /// A meeting that was written.
    func meeting(
        of owner: AccountID, kind: MeetingKind = .instant, _ settings: MeetingSettings = MeetingSettings()
    ) async throws -> Meeting {
        let start = kind == .scheduled ? clock.now : nil
        let meeting = Meeting(
            id: MeetingID(ids.next()), joinCode: JoinCode(random: SystemRandomSource()), ownerID: owner, title: "Title",
            kind: kind, state: .scheduled, scheduledStart: start, settings: settings, createdAt: clock.now,
            updatedAt: clock.now)
        try await meetings.insert(meeting)
        return meeting
    }

    func attempt(
        _ meeting: MeetingReference, _ principal: Principal? = nil, passcode: PasswordHash? = nil,
        at moment: Date? = nil
    ) throws -> JoinAttempt {
        let now = moment ?? clock.now
        return JoinAttempt(
            meeting: meeting, participantID: ParticipantID(ids.next()), principal: principal,
            displayName: try DisplayName("Guest"), verifiedPasscodeHash: passcode, at: now,
            seatHeldUntil: now.addingTimeInterval(600))
    }
}

extension StoreTestDatabase {
    /// Someone who came and was recorded.
    func comer(_ meeting: Meeting, _ principal: Principal? = nil, at moment: Date? = nil) async throws -> Participant {
        let attempt = try attempt(.id(meeting.id), principal, at: moment)
        guard case .recorded(let participant, _, _) = try await participants.join(attempt) else {
            throw DoorShut()
        }
        return participant
    }

    struct DoorShut: Error {}
}

extension PasswordHash {
    static let sample = PasswordHash(phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA")
    static let other = PasswordHash(phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$b3RoZXI")
}
