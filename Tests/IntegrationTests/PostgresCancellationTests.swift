import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresCancellationTests {
    private func withPostgres(
        _ change: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (Postgres) async throws -> Void
    ) async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres(
                {
                    $0.poolSize = 2; change(&$0)
                }, body)
        }
    }

    private func backend(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
    }

    @Test func aCancelledTaskStopsTheStatementAndKeepsTheConnection() async throws {
        try await withPostgres { postgres in
            let before = try await postgres.withConnection { try await backend($0) }
            let task = Task { try await postgres.query("SELECT pg_sleep(30)") }
            try await eventually("the sleep") { try await isSleeping(postgres) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the end of the sleep") { try await !isSleeping(postgres) }
            try await eventually("the connection's return") { postgres.statistics.leased == 0 }
            #expect(postgres.statistics.size == 2)
            let pids = try await postgres.query("SELECT pid FROM pg_stat_activity WHERE pid = $1", [before])
            #expect(pids.count == 1, "the cancelled connection is used again")
        }
    }

    /// A late cancel request must never hit the statement after the one it was meant for.
    @Test func theNextStatementIsNotHit() async throws {
        try await withPostgres {
            $0.poolSize = 1
        } _: { postgres in
            for _ in 0..<40 {
                let task = Task { try await postgres.query("SELECT pg_sleep(30)") }
                try await eventually("the lease") { postgres.statistics.leased == 1 }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                let rows = try await postgres.query("SELECT count(*) AS n FROM generate_series(1, 20000)")
                let count = try rows[0].get("n", as: Int.self)
                #expect(count == 20_000)
            }
        }
    }

    @Test func aTaskCancelledBeforeItsTurnRunsNothing() async throws {
        try await withPostgres { postgres in
            try await postgres.execute("CREATE TABLE t (n int)")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await postgres.execute("INSERT INTO t VALUES (1)")
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let rows = try await postgres.query("SELECT * FROM t")
            #expect(rows.isEmpty)
        }
    }

    @Test func theServerEndsAStatementThatTakesTooLong() async throws {
        try await withPostgres {
            $0.statementTimeout = .milliseconds(100)
        } _: { postgres in
            await #expect(throws: PostgresError.timeout) { try await postgres.query("SELECT pg_sleep(30)") }
            let rows = try await postgres.query("SHOW statement_timeout")
            let setting = try rows[0].get(0, as: String.self)
            #expect(setting == "100ms")
            #expect(postgres.statistics.size <= 2)
        }
    }

    @Test func aShorterLimitOfOneStatementIsKept() async throws {
        try await withPostgres { postgres in
            let clock = ContinuousClock()
            let started = clock.now
            await #expect(throws: PostgresError.timeout) {
                try await postgres.query("SELECT pg_sleep(30)", timeout: .milliseconds(100))
            }
            #expect(clock.now - started < .seconds(5))
            try await eventually("the end of the sleep") { try await !isSleeping(postgres) }
        }
    }

    @Test func aPipelineCanBeCancelled() async throws {
        try await withPostgres { postgres in
            let task = Task {
                try await postgres.pipeline([
                    PostgresStatement("SELECT 1"), PostgresStatement("SELECT pg_sleep(30)"),
                    PostgresStatement("SELECT 2"),
                ])
            }
            try await eventually("the sleep") { try await isSleeping(postgres) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await eventually("the connection's return") { postgres.statistics.leased == 0 }
            let rows = try await postgres.query("SELECT 1")
            #expect(rows.count == 1)
        }
    }

    @Test func aWaiterForAConnectionCanBeCancelled() async throws {
        try await withPostgres {
            $0.poolSize = 1
        } _: { postgres in
            let holder = Task { try await postgres.query("SELECT pg_sleep(0.5)") }
            try await eventually("the lease") { postgres.statistics.leased == 1 }
            let waiter = Task { try await postgres.query("SELECT 1") }
            try await eventually("the wait") { postgres.statistics.waiting == 1 }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            #expect(postgres.statistics.waiting == 0)
            let rows = try await holder.value
            #expect(rows.count == 1)
        }
    }

    @Test func childTasksTakeTurnsOnOneConnection() async throws {
        try await withPostgres { postgres in
            let numbers = try await postgres.withConnection { connection in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            try await connection.query("SELECT $1::int AS n", [number])[0].get("n", as: Int.self)
                        }
                    }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
            }
            #expect(numbers == Set(0..<100))
        }
    }

    @Test func aConnectionIsOfNoUseAfterItsLease() async throws {
        try await withPostgres { postgres in
            let kept = try await postgres.withConnection { $0 }
            let error = await #expect(throws: PostgresError.self) { try await kept.query("SELECT 1") }
            #expect(error?.code == "postgres.misuse")
            let rows = try await postgres.query("SELECT 1")
            #expect(rows.count == 1)
        }
    }
}
