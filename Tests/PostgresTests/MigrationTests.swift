import FoundationEssentials
import Testing

@testable import Postgres

@Suite struct MigrationTests {
    private func migration(_ fileName: String, _ sql: String = "SELECT 1") throws -> Migration {
        try Migration(fileName: fileName, bytes: Array(sql.utf8))
    }

    private func record(_ migration: Migration) -> AppliedMigration {
        AppliedMigration(
            version: migration.version, name: migration.name, checksum: migration.checksum,
            appliedAt: Date(timeIntervalSinceReferenceDate: 0), compatibleFrom: migration.compatibleFrom)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? MigrationError)?.code ?? "\(error)"
        }
    }

    @Test func readsNumberAndNameFromTheFileName() throws {
        let migration = try migration("0012_add_meeting_title.sql")
        #expect(migration.version == 12)
        #expect(migration.name == "add_meeting_title")
        #expect(migration.fileName == "0012_add_meeting_title.sql")
    }

    @Test(arguments: [
        "12_add_title.sql", "0012.sql", "0012_add.sql", "0012_Add_title.sql", "0012_add__title.sql",
        "0000_add_title.sql",
        "0012-add-title.sql", "00012_add_title.sql", "0012_add_title_.sql", "+012_add_title.sql",
    ])
    func refusesAnotherFileName(_ name: String) {
        #expect(code { _ = try migration(name) } == "migration.bad_name")
    }

    @Test func checksumIsSHA256() throws {
        // FIPS 180-2, appendix B.1.
        #expect(
            try Migration.checksum(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func refusesWhatIsNotText() {
        #expect(code { _ = try Migration(fileName: "0001_add_it.sql", bytes: [0xff, 0xfe]) } == "migration.not_text")
        #expect(code { _ = try Migration(fileName: "0001_add_it.sql", bytes: [65, 0]) } == "migration.not_text")
    }

    @Test func refusesGapsAndDoubles() throws {
        let one = try migration("0001_add_one.sql")
        let two = try migration("0002_add_two.sql")
        let other = try migration("0002_add_other.sql")
        let four = try migration("0004_add_four.sql")
        #expect(try MigrationFolder.ordered([two, one], path: "m") == [one, two])
        #expect(code { _ = try MigrationFolder.ordered([one, two, other], path: "m") } == "migration.duplicate")
        #expect(code { _ = try MigrationFolder.ordered([one, two, four], path: "m") } == "migration.gap")
        #expect(code { _ = try MigrationFolder.ordered([two], path: "m") } == "migration.gap")
        #expect(code { _ = try MigrationFolder.ordered([], path: "m") } == "migration.unreadable")
    }

    @Test func plansWhatIsNotApplied() throws {
        let one = try migration("0001_add_one.sql")
        let two = try migration("0002_add_two.sql")
        #expect(try MigrationPlan(migrations: [one, two], applied: []).pending() == [one, two])
        #expect(try MigrationPlan(migrations: [one, two], applied: [record(one)]).pending() == [two])
        #expect(try MigrationPlan(migrations: [one, two], applied: [record(one), record(two)]).pending() == [])
    }

    @Test func refusesAnEditedFileAndNamesIt() throws {
        let one = try migration("0001_add_one.sql")
        let edited = try migration("0001_add_one.sql", "SELECT 2")
        let renamed = try migration("0001_add_uno.sql")
        for changed in [edited, renamed] {
            let plan = MigrationPlan(migrations: [changed], applied: [record(one)])
            let error = #expect(throws: MigrationError.self) { try plan.pending() }
            #expect(error?.code == "migration.edited")
            #expect("\(String(describing: error))".contains(changed.fileName))
            #expect(plan.status.map(\.state) == [.edited(Date(timeIntervalSinceReferenceDate: 0))])
        }
    }

    @Test func refusesASchemaNewerThanTheProgram() throws {
        let one = try migration("0001_add_one.sql")
        let two = try migration("0002_add_two.sql")
        let plan = MigrationPlan(migrations: [one], applied: [record(one), record(two)])
        #expect(code { _ = try plan.pending() } == "migration.schema_newer")
        #expect(plan.status.last?.state == .unknown(Date(timeIntervalSinceReferenceDate: 0)))
    }

    @Test func servesANewerSchemaThatSaysSo() throws {
        let one = try migration("0001_add_one.sql")
        let two = try migration("0002_add_two.sql")
        let three = try migration("0003_add_three.sql", "-- compatible-from: 2\nSELECT 1")
        let four = try migration("0004_add_four.sql", "-- compatible-from: 1\nSELECT 1")
        let applied = [one, two, three, four].map(record)
        let plan = MigrationPlan(migrations: [one, two], applied: applied)
        #expect(try plan.pending() == [])
        #expect(plan.ahead.map(\.version) == [3, 4])
        let older = MigrationPlan(migrations: [one], applied: applied)
        #expect(code { _ = try older.pending() } == "migration.schema_newer")
        let edited = try migration("0002_add_two.sql", "SELECT 2")
        #expect(
            code { _ = try MigrationPlan(migrations: [one, edited], applied: applied).pending() } == "migration.edited")
    }

    @Test func readsWhichProgramsCanServe() throws {
        #expect(try migration("0003_add_it.sql", "-- compatible-from: 2\r\nSELECT 1").compatibleFrom == 2)
        #expect(try migration("0003_add_it.sql", "SELECT 1\n-- compatible-from: 2").compatibleFrom == nil)
        for mark in [
            "-- compatible-from: 3", "-- compatible-from: 0", "-- compatible-from: two", "-- compatible-from:",
        ] {
            #expect(code { _ = try migration("0003_add_it.sql", mark) } == "migration.bad_mark", "\(mark)")
        }
    }

    /// Those up to 13 are older than the mark.
    @Test func everyMigrationSaysWhichProgramsCanServe() throws {
        let folder = String(#filePath.split(separator: "Tests/PostgresTests", maxSplits: 1)[0]) + "migrations"
        let unmarked = try MigrationFolder.load(folder).filter { $0.version > 13 && $0.compatibleFrom == nil }
        #expect(
            unmarked.map(\.fileName) == [],
            "begin each with -- compatible-from: and the number of the release before, as docs/database.md tells")
    }

    @Test func refusesRecordsWithAHole() throws {
        let one = try migration("0001_add_one.sql")
        let two = try migration("0002_add_two.sql")
        let plan = MigrationPlan(migrations: [one, two], applied: [record(two)])
        #expect(code { _ = try plan.pending() } == "migration.missing_record")
    }

    @Test(arguments: [
        ("53100", true), ("57P01", true), ("58030", true), ("40P01", true), ("55P03", true), ("42601", false),
    ])
    func tellsWhatMayPassFromWhatSomebodyHasToLookAt(sqlState: String, mayPass: Bool) {
        let server = PostgresServerError(sqlState: SQLState(rawValue: sqlState), message: "")
        #expect(MigrationError.failed(file: "f", line: nil, cause: PostgresError.server(server)).mayPass == mayPass)
        #expect(MigrationError.failed(file: "f", line: nil, cause: PostgresError.unavailable("")).mayPass)
        #expect(MigrationError.locked(waited: .seconds(60)).mayPass)
        #expect(!MigrationError.edited(file: "f", applied: "g").mayPass)
    }
}
