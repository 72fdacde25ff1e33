import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresPipelineTests {
    @Test func runsSeveralStatementsTogether() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE t (n int)")
                for round in 0..<3 {
                    let outcomes = try await postgres.pipeline([
                        PostgresStatement("INSERT INTO t VALUES ($1), ($2)", [round, round]),
                        PostgresStatement("SELECT count(*) AS n FROM t"),
                        PostgresStatement("SELECT $1::text AS text", ["x"]),
                    ])
                    #expect(try outcomes[0].get().affectedRows == 2)
                    #expect(try outcomes[1].get().rows.first?.get("n", as: Int.self) == (round + 1) * 2)
                    #expect(try outcomes[2].get().rows.first?.get("text", as: String.self) == "x")
                }
                #expect(try await postgres.pipeline([]).isEmpty)
            }
        }
    }

    @Test func allOrNothingUndoesAllAndNamesTheCulprit() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE t (n int PRIMARY KEY)")
                for _ in 0..<2 {
                    let outcomes = try await postgres.pipeline([
                        PostgresStatement("INSERT INTO t VALUES (1)"), PostgresStatement("SELECT 1/$1::int", [0]),
                        PostgresStatement("INSERT INTO t VALUES (2)"),
                    ])
                    #expect(try outcomes[0].get().affectedRows == 1)
                    #expect(throws: PostgresError.self) { try outcomes[1].get() }
                    #expect(failure(outcomes[1])?.sqlState?.rawValue == "22012")
                    #expect(failure(outcomes[2]) == .pipelineAborted)
                    #expect(try await postgres.query("SELECT * FROM t").isEmpty)
                }
            }
        }
    }

    @Test func independentStatementsDoNotSufferFromEachOther() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE t (n int PRIMARY KEY)")
                let statements = [
                    PostgresStatement("INSERT INTO t VALUES (1)"), PostgresStatement("SELEKT"),
                    PostgresStatement("INSERT INTO t VALUES (1)"), PostgresStatement("INSERT INTO t VALUES (2)"),
                ]
                let outcomes = try await postgres.pipeline(statements, mode: .independent)
                #expect(failure(outcomes[0]) == nil)
                #expect(failure(outcomes[1])?.sqlState == .syntaxError)
                #expect(failure(outcomes[2])?.sqlState == .uniqueViolation)
                #expect(failure(outcomes[3]) == nil)
                #expect(try await postgres.query("SELECT * FROM t").count == 2)
                #expect(postgres.statistics.size == 1)
            }
        }
    }

    @Test func manyStatementsNeitherBlockNorGetLost() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                let text = String(repeating: "x", count: 10_000)
                let statements = (0..<2000).map {
                    PostgresStatement("SELECT $1::int AS n, $2::text AS text", [$0, text])
                }
                let outcomes = try await postgres.pipeline(statements, mode: .independent)
                for (number, outcome) in outcomes.enumerated() {
                    let row = try #require(try outcome.get().rows.first)
                    #expect(try row.get("n", as: Int.self) == number)
                }
            }
        }
    }

    private func failure(_ outcome: Result<PostgresOutcome, PostgresError>) -> PostgresError? {
        guard case .failure(let error) = outcome else { return nil }
        return error
    }
}
