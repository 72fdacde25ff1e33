import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresSharedTransactionTests {
    private struct Stop: Error {}

    private func withTable(_ body: (Postgres) async throws -> Void) async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE t (n int PRIMARY KEY)")
                try await body(postgres)
            }
        }
    }

    private func numbers(_ postgres: Postgres) async throws -> [Int] {
        try await postgres.query("SELECT n FROM t ORDER BY n").map { try $0.get("n", as: Int.self) }
    }

    @Test func takesInWhateverIsAskedOfTheSamePostgres() async throws {
        try await withTable { postgres in
            try await postgres.withSharedTransaction {
                try await postgres.execute("INSERT INTO t VALUES (1)")
                _ = try await postgres.withTransaction { try await $0.execute("INSERT INTO t VALUES (2)") }
                _ = try await postgres.withSharedTransaction { try await postgres.execute("INSERT INTO t VALUES (3)") }
                #expect(try await numbers(postgres) == [1, 2, 3])
                let seenOutside = try await Task.detached { try await numbers(postgres) }.value
                #expect(seenOutside.isEmpty, "nothing is committed yet")
            }
            #expect(try await numbers(postgres) == [1, 2, 3])
        }
    }

    @Test func rollsAllOfItBack() async throws {
        try await withTable { postgres in
            await #expect(throws: Stop.self) {
                try await postgres.withSharedTransaction {
                    try await postgres.execute("INSERT INTO t VALUES (1)")
                    _ = try await postgres.withTransaction { try await $0.execute("INSERT INTO t VALUES (2)") }
                    throw Stop()
                }
            }
            let left = try await numbers(postgres)
            #expect(left.isEmpty)
        }
    }

    @Test func commitsNothingAfterAPieceHasFailed() async throws {
        try await withTable { postgres in
            await #expect(throws: PostgresError.transactionAborted) {
                try await postgres.withSharedTransaction {
                    try await postgres.execute("INSERT INTO t VALUES (1)")
                    try? await postgres.withTransaction { connection in
                        try await connection.execute("INSERT INTO t VALUES (2)")
                        throw Stop()
                    }
                }
            }
            let left = try await numbers(postgres)
            #expect(left.isEmpty)
        }
    }

    @Test func refusesAPieceThatWantsAnotherIsolation() async throws {
        try await withTable { postgres in
            let error = await #expect(throws: PostgresError.self) {
                try await postgres.withSharedTransaction {
                    try await postgres.withTransaction(.init(isolation: .serializable)) { _ in }
                }
            }
            guard case .misuse = error else {
                Issue.record("expected misuse, got \(String(describing: error))")
                return
            }
        }
    }

    @Test func anotherPostgresHasNoPartInIt() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { one in
                try await one.execute("CREATE TABLE t (n int PRIMARY KEY)")
                try await database.withPostgres { other in try await rollBack(one, besides: other) }
                let left = try await numbers(one)
                #expect(left == [2])
            }
        }
    }

    private func rollBack(_ one: Postgres, besides other: Postgres) async throws {
        await #expect(throws: Stop.self) {
            try await one.withSharedTransaction {
                try await one.execute("INSERT INTO t VALUES (1)")
                try await other.execute("INSERT INTO t VALUES (2)")
                throw Stop()
            }
        }
    }
}
