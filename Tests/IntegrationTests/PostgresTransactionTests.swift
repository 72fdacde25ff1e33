import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresTransactionTests {
    private struct Stop: Error {}

    private func withTable(_ body: (Postgres) async throws -> Void) async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE t (n int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
                try await body(postgres)
            }
        }
    }

    private func expectCount(
        _ postgres: Postgres, _ expected: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let count = try await postgres.query("SELECT count(*) AS n FROM t")[0].get("n", as: Int.self)
        #expect(count == expected, sourceLocation: sourceLocation)
    }

    @Test func commitsAtTheEnd() async throws {
        try await withTable { postgres in
            let result = try await postgres.withTransaction { transaction in
                try await transaction.execute("INSERT INTO t VALUES (1)")
                try await expectCount(postgres, 0)
                try await transaction.execute("INSERT INTO t VALUES (2)")
                return "done"
            }
            #expect(result == "done")
            try await expectCount(postgres, 2)
        }
    }

    @Test func rollsBackWhenTheBodyThrows() async throws {
        try await withTable { postgres in
            await #expect(throws: Stop.self) {
                try await postgres.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    throw Stop()
                }
            }
            try await expectCount(postgres, 0)
            #expect(postgres.statistics.size == 1, "the connection is good for others")
        }
    }

    @Test func rollsBackWhenAStatementFails() async throws {
        try await withTable { postgres in
            await #expect(throws: PostgresError.self) {
                try await postgres.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    try await transaction.execute("SELECT 1/0")
                }
            }
            try await expectCount(postgres, 0)
        }
    }

    @Test func doesNotPretendToHaveCommittedAFailedTransaction() async throws {
        try await withTable { postgres in
            await #expect(throws: PostgresError.transactionAborted) {
                try await postgres.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    _ = try? await transaction.execute("SELECT 1/0")
                }
            }
            try await expectCount(postgres, 0)
        }
    }

    @Test func reportsAConstraintThatFailsAtCommit() async throws {
        try await withTable { postgres in
            let error = await #expect(throws: PostgresError.self) {
                try await postgres.withTransaction { try await $0.execute("INSERT INTO t VALUES (1), (1)") }
            }
            #expect(error?.sqlState == .uniqueViolation)
            try await expectCount(postgres, 0)
        }
    }

    @Test func rollsBackWhenTheTaskIsCancelled() async throws {
        try await withTable { postgres in
            let task = Task {
                try await postgres.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    try await transaction.execute("SELECT pg_sleep(30)")
                }
            }
            try await eventually("the sleep") { try await isSleeping(postgres) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the connection's return") { postgres.statistics.leased == 0 }
            try await expectCount(postgres, 0)
        }
    }

    @Test func runsNothingWhenNothingWasAsked() async throws {
        try await withTable { postgres in
            try await postgres.withTransaction { _ in }
            await #expect(throws: Stop.self) { try await postgres.withTransaction { _ in throw Stop() } }
            #expect(postgres.statistics.idle == 1)
        }
    }

    @Test func usesTheIsolationAskedFor() async throws {
        try await withTable { postgres in
            for (isolation, name) in [
                (PostgresTransactionOptions.Isolation.serializable, "serializable"),
                (.repeatableRead, "repeatable read"), (.readCommitted, "read committed"),
            ] {
                let level = try await postgres.withTransaction(.init(isolation: isolation)) { transaction in
                    try await transaction.query("SHOW transaction_isolation")[0].get(0, as: String.self)
                }
                #expect(level == name)
            }
            await #expect(throws: PostgresError.self) {
                try await postgres.withTransaction(.init(isReadOnly: true)) {
                    try await $0.execute("INSERT INTO t VALUES (1)")
                }
            }
        }
    }

    @Test func serializationFailuresAreRetryable() async throws {
        try await withTable { postgres in
            try await postgres.execute("INSERT INTO t VALUES (1)")
            let options = PostgresTransactionOptions(isolation: .repeatableRead)
            let error = await #expect(throws: PostgresError.self) {
                try await postgres.withTransaction(options) { transaction in
                    _ = try await transaction.query("SELECT * FROM t")
                    try await postgres.execute("UPDATE t SET n = 2")
                    try await transaction.execute("UPDATE t SET n = 3")
                }
            }
            #expect(error?.isRetryable == true)
        }
    }

    @Test func refusesATransactionInATransaction() async throws {
        try await withTable { postgres in
            let error = await #expect(throws: PostgresError.self) {
                try await postgres.withTransaction { outer in
                    try await outer.execute("INSERT INTO t VALUES (1)")
                    _ = try await outer.withTransaction { try await $0.execute("INSERT INTO t VALUES (2)") }
                }
            }
            #expect(error?.code == "postgres.misuse")
            try await expectCount(postgres, 0)
        }
    }

    @Test func pipelinesInsideOfATransaction() async throws {
        try await withTable { postgres in
            try await postgres.withTransaction { transaction in
                let outcomes = try await transaction.pipeline([
                    PostgresStatement("INSERT INTO t VALUES (1)"), PostgresStatement("INSERT INTO t VALUES (2)"),
                ])
                #expect(outcomes.count == 2)
                try await expectCount(postgres, 0)
            }
            try await expectCount(postgres, 2)
        }
    }

    @Test func dropsAConnectionLeftInATransaction() async throws {
        try await withTable { postgres in
            try await postgres.withConnection { connection in
                try await connection.executeScript("BEGIN; INSERT INTO t VALUES (1)")
            }
            try await expectCount(postgres, 0)
            try await postgres.execute("INSERT INTO t VALUES (5)")
            try await expectCount(postgres, 1)
        }
    }

    @Test func theServerEndsATransactionThatDoesNothing() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres {
                $0.idleInTransactionTimeout = .milliseconds(100)
            } _: { postgres in
                let error = await #expect(throws: PostgresError.self) {
                    try await postgres.withTransaction { transaction in
                        let rows = try await transaction.query("SELECT pg_backend_pid() AS pid")
                        let pid = try rows[0].get("pid", as: Int.self)
                        try await eventually("the end of the idle connection") {
                            try await postgres.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [pid]).isEmpty
                        }
                        _ = try await transaction.query("SELECT 1")
                    }
                }
                #expect(error?.isUnavailable == true)
                let alive = try await postgres.query("SELECT 1")
                #expect(alive.count == 1)
            }
        }
    }
}

/// Whether some connection of this database is in `pg_sleep`.
func isSleeping(_ postgres: Postgres) async throws -> Bool {
    let rows = try await postgres.query(
        """
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'
        """)
    return !rows.isEmpty
}
