import FoundationEssentials
import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresMigrationTests {
    private static let accounts = "CREATE TABLE accounts (id int PRIMARY KEY); -- ü\nINSERT INTO accounts VALUES (1);"
    private static let meetings = "CREATE TABLE meetings (id int PRIMARY KEY)"

    /// A folder with two migrations and a database, which the runner has yet to create when asked so.
    private func withFixture(
        isMissing: Bool = false, _ body: (PostgresTestDatabase, TestFolder, MigrationRunner) async throws -> Void
    ) async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write(Self.accounts, to: "0001_create_accounts.sql")
        try folder.write(Self.meetings, to: "0002_create_meetings.sql")
        try folder.write("how to write migrations", to: "README.md")
        try await PostgresTestDatabase.with { database in
            if isMissing { try await dropDatabase(database) }
            try await body(database, folder, try runner(database, folder))
        }
    }

    private func runner(
        _ database: PostgresTestDatabase, _ folder: TestFolder, _ change: (inout MigrationRunner) -> Void = { _ in }
    ) throws -> MigrationRunner {
        var runner = MigrationRunner(
            directory: folder.path, configuration: try PostgresConfiguration(url: database.url),
            loop: database.loops[0], log: database.log)
        change(&runner)
        return runner
    }

    private func dropDatabase(_ database: PostgresTestDatabase) async throws {
        let url = try TestEnvironment.require("TEST_DATABASE_URL")
        let admin = Postgres(
            configuration: try PostgresConfiguration(url: url), loops: database.loops, log: database.log)
        try await admin.start()
        try await admin.execute("DROP DATABASE \(database.name)")
        await admin.stop()
    }

    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MigrationError)?.code ?? "\(error)"
        }
    }

    @Test func fromNothingThenTwice() async throws {
        try await withFixture(isMissing: true) { database, _, runner in
            let before = try await runner.status()
            #expect(before.map(\.state) == [.pending, .pending])
            let missing = await code { try await runner.verify() }
            #expect(missing == "migration.database_missing")

            let first = try await runner.migrate()
            #expect(first.createdDatabase)
            #expect(first.applied.map(\.fileName) == ["0001_create_accounts.sql", "0002_create_meetings.sql"])
            #expect(first.schemaVersion == 2)

            let second = try await runner.migrate()
            #expect(second.isUnchanged)
            try await runner.verify()
            let after = try await runner.status()
            for status in after {
                guard case .applied(let date) = status.state else {
                    Issue.record("\(status.fileName) should be applied")
                    continue
                }
                #expect(abs(date.timeIntervalSinceNow) < 120)
            }
            try await database.withPostgres { postgres in
                let rows = try await postgres.query(
                    "SELECT version, name, checksum FROM schema_migrations ORDER BY version")
                let names = try rows.map { try $0.get("name", as: String.self) }
                #expect(names == ["create_accounts", "create_meetings"])
                #expect(try rows[0].get("checksum", as: String.self).utf8.count == 64)
                let accounts = try await postgres.query("SELECT * FROM accounts")
                #expect(accounts.count == 1)
            }
        }
    }

    @Test func severalAtOnceApplyEachFileOnce() async throws {
        try await withFixture(isMissing: true) { database, folder, runner in
            let reports = try await withThrowingTaskGroup(of: MigrationReport.self) { group in
                for _ in 0..<4 { group.addTask { try await runner.migrate() } }
                return try await group.reduce(into: [MigrationReport]()) { $0.append($1) }
            }
            #expect(reports.filter(\.createdDatabase).count == 1)
            #expect(reports.flatMap(\.applied).map(\.version).sorted() == [1, 2])
        }
    }

    @Test func waitsOnlySoLongForAnother() async throws {
        try await withFixture { database, folder, _ in
            let impatient = try runner(database, folder) { $0.runnerLockTimeout = .milliseconds(300) }
            try folder.write("SELECT pg_sleep(30)", to: "0001_create_accounts.sql")
            try await database.withPostgres { postgres in
                let slow = Task { try await impatient.migrate() }
                try await eventually("the sleep") { try await isSleeping(postgres) }
                let refused = await code { _ = try await impatient.migrate() }
                #expect(refused == "migration.locked")
                slow.cancel()
                await #expect(throws: CancellationError.self) { try await slow.value }
            }
        }
    }

    @Test func killedInTheMiddleLeavesNothingHalfDone() async throws {
        try await withFixture { database, folder, runner in
            try folder.write("CREATE TABLE half (id int); SELECT pg_sleep(30);", to: "0002_create_meetings.sql")
            try await database.withPostgres { postgres in
                let task = Task { try await runner.migrate() }
                try await eventually("the sleep") { try await isSleeping(postgres) }
                _ = try await postgres.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'PgSleep'
                    """)
                let error = await #expect(throws: MigrationError.self) { try await task.value }
                #expect(error?.code == "migration.failed")
                #expect(error?.description.contains("0002_create_meetings.sql") == true)
                let half = try await postgres.query("SELECT to_regclass('half') IS NULL AS gone")
                #expect(try half[0].get("gone", as: Bool.self))
                let status = try await runner.status()
                #expect(status[1].state == .pending)

                try folder.write(Self.meetings, to: "0002_create_meetings.sql")
                let report = try await runner.migrate()
                #expect(report.applied.map(\.version) == [2])
            }
        }
    }

    @Test func aFailingFileIsRolledBackAndItsLineNamed() async throws {
        try await withFixture { database, folder, runner in
            try folder.write(
                "CREATE TABLE half (id int);\n\n-- ü\nCREATE TABEL whole (id int);", to: "0002_create_meetings.sql")
            let error = await #expect(throws: MigrationError.self) { try await runner.migrate() }
            #expect(
                error?.description.contains("0002_create_meetings.sql, line 4 failed") == true,
                "\(String(describing: error))")
            let status = try await runner.status()
            guard case .applied = status[0].state else {
                Issue.record("the file before stays applied")
                return
            }
            #expect(status[1].state == .pending)
            try await database.withPostgres { postgres in
                let half = try await postgres.query("SELECT to_regclass('half') IS NULL AS gone")
                #expect(try half[0].get("gone", as: Bool.self))
            }
        }
    }

    @Test func anEditedFileIsRefusedByName() async throws {
        try await withFixture { _, folder, runner in
            _ = try await runner.migrate()
            try folder.write(Self.accounts + " ", to: "0001_create_accounts.sql")
            for attempt in [{ _ = try await runner.migrate() }, { try await runner.verify() }]
                as [() async throws -> Void]
            {
                let error = await #expect(throws: MigrationError.self) { try await attempt() }
                #expect(error?.code == "migration.edited")
                #expect(error?.description.contains("0001_create_accounts.sql") == true)
                #expect(error?.description.contains("restore the file") == true)
            }
            let status = try await runner.status()
            guard case .edited = status[0].state else {
                Issue.record("status must show the edited file")
                return
            }
        }
    }

    @Test func aSchemaNewerThanTheProgramIsRefused() async throws {
        try await withFixture { database, folder, runner in
            _ = try await runner.migrate()
            try await database.withPostgres { postgres in
                _ = try await postgres.execute(
                    "INSERT INTO schema_migrations (version, name, checksum, duration_ms) VALUES (3, 'add_more', 'x', 1)"
                )
            }
            let migrate = await code { _ = try await runner.migrate() }
            #expect(migrate == "migration.schema_newer")
            let verify = await code { try await runner.verify() }
            #expect(verify == "migration.schema_newer")
            let status = try await runner.status()
            #expect(status.last?.fileName == "0003_add_more.sql")
        }
    }

    @Test func aNewerSchemaIsServedByTheProgramsThatItNames() async throws {
        try await withFixture { database, folder, runner in
            try folder.write("-- compatible-from: 2\nSELECT 1", to: "0003_add_more.sql")
            _ = try await runner.migrate()
            try folder.remove("0003_add_more.sql")
            try await runner.verify()
            let report = try await runner.migrate()
            #expect(report.isUnchanged && report.schemaVersion == 3)
            try folder.remove("0002_create_meetings.sql")
            let older = await code { try await runner.verify() }
            #expect(older == "migration.schema_newer")
        }
    }

    /// The table as the first programs made it.
    @Test func aTableWithoutTheColumnIsRead() async throws {
        try await withFixture { database, folder, runner in
            _ = try await runner.migrate()
            try await database.withPostgres { postgres in
                _ = try await postgres.execute("ALTER TABLE schema_migrations DROP COLUMN compatible_from")
            }
            try await runner.verify()
            try folder.write("-- compatible-from: 1\nSELECT 1", to: "0003_add_more.sql")
            #expect(try await runner.migrate().applied.map(\.version) == [3])
        }
    }

    @Test func aFileThatEndsItsTransactionIsRefused() async throws {
        try await withFixture { _, folder, runner in
            for sql in ["CREATE TABLE x (id int); COMMIT; SELECT 1", "SELECT 1; ROLLBACK; BEGIN; SELECT 2"] {
                try folder.write(sql, to: "0001_create_accounts.sql")
                let refused = await code { _ = try await runner.migrate() }
                #expect(refused == "migration.transaction_control")
            }
        }
    }

    @Test func verifyNamesWhatIsPending() async throws {
        try await withFixture { _, folder, runner in
            _ = try await runner.migrate()
            try folder.write("SELECT 1", to: "0003_add_more.sql")
            let error = await #expect(throws: MigrationError.self) { try await runner.verify() }
            #expect(error?.code == "migration.pending")
            #expect(error?.description.contains("0003_add_more.sql") == true)
        }
    }

    @Test func aWrongPasswordIsNotTakenForAMissingDatabase() async throws {
        try await withFixture(isMissing: true) { database, folder, _ in
            let configuration = try PostgresConfiguration(url: "postgresql://app:s3cret@127.0.0.1:1/\(database.name)")
            let runner = MigrationRunner(
                directory: folder.path, configuration: configuration, loop: database.loops[0], log: database.log)
            let error = await #expect(throws: PostgresError.self) { try await runner.migrate() }
            #expect(error?.isUnavailable == true)
            #expect(error?.description.contains("s3cret") == false)
        }
    }
}
