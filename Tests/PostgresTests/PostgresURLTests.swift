import Testing

@testable import Postgres

@Suite struct PostgresURLTests {
    @Test func readsServerUserAndDatabase() throws {
        let configuration = try PostgresConfiguration(
            url: "postgresql://app:s3cret@db.example:5433/meetings?sslmode=require")
        #expect(configuration.database == "meetings")
        #expect(configuration.parameters["password"] == "s3cret")
        #expect(configuration.parameters["sslmode"] == "require")
        #expect(configuration.description == "app@db.example:5433/meetings")
    }

    @Test(arguments: [
        "postgresql://app:hunter2@ss@db/meetings", "postgresql://app:hunter2/ss@db/meetings",
        "postgresql://app:hunter2%zz@db/meetings",
        "postgresql://app:hunter2@[::1/meetings", "postgresql://app:hunter2@db/meetings?nonsense=hunter2",
        "postgresql://app:hunter2 x@db:1x/meetings", "postgresql://app:hunter2@db", "mysql://app:hunter2@db/meetings",
        "postgresql://app:hunter2@db:99999/meetings", "postgresql://app:hunter2@db/meetings?hunter2",
    ])
    func refusesABrokenURLWithoutRepeatingThePassword(_ url: String) throws {
        let error = try #require(throws: PostgresError.self) { try PostgresConfiguration(url: url) }
        let message = error.description
        #expect(!message.contains("hunter2"), "\(message)")
        #expect(error.code == "postgres.configuration")
    }

    @Test func neverShowsThePassword() throws {
        let configuration = try PostgresConfiguration(url: "postgresql://app:s3cret@db/meetings")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("s3cret"), "\(text)")
        }
    }

    @Test func scrubsThePasswordFromMessages() throws {
        let configuration = try PostgresConfiguration(url: "postgresql://app:s3cret@db/meetings")
        #expect(configuration.scrub("no route to s3cret") == "no route to [password]")
    }
}
