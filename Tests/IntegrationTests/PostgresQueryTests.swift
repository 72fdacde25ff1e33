import FoundationEssentials
import Platform
import Postgres
import Testing

@Suite struct PostgresQueryTests {
    @Test func readsWhatItWrote() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                let rows = try await postgres.query("SELECT $1::int8 AS number, $2::text AS text", [7, "héllo"])
                #expect(rows.count == 1)
                #expect(try rows[0].get("number", as: Int.self) == 7)
                #expect(try rows[0].get("text", as: String.self) == "héllo")
            }
        }
    }
}
