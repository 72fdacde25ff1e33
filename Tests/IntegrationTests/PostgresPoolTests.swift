import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresPoolTests {
    @Test func aThousandQueriesAtOnceNeverTakeMoreConnectionsThanThePoolHas() async throws {
        try await PostgresTestDatabase.with(loopCount: 2) { database in
            try await database.withPostgres {
                $0.poolSize = 4
                $0.leaseTimeout = .seconds(30)
            } _: { postgres in
                let peak = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<1000 {
                        group.addTask(executorPreference: database.loops[number % 2]) {
                            let rows = try await postgres.query(
                                """
                                SELECT count(*) AS n, $1::int AS number FROM pg_stat_activity
                                WHERE datname = current_database() AND backend_type = 'client backend'
                                """, [number])
                            let same = try rows[0].get("number", as: Int.self)
                            #expect(same == number)
                            return try rows[0].get("n", as: Int.self)
                        }
                    }
                    return try await group.reduce(0, max)
                }
                #expect(peak <= 8)
                #expect(postgres.statistics.peakSize <= 8)
                #expect(postgres.statistics.maximumSize == 8)
                #expect(postgres.statistics.waiting == 0)
                #expect(postgres.statistics.leased == 0)
            }
        }
    }

    @Test func whoWaitsTooLongIsToldThatAllAreInUse() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres {
                $0.poolSize = 1
                $0.leaseTimeout = .milliseconds(100)
            } _: { postgres in
                let error = try await postgres.withConnection { _ in
                    await #expect(throws: PostgresError.self) { try await postgres.query("SELECT 1") }
                }
                #expect(error == .unavailable("all 1 connections are in use"))
                let rows = try await postgres.query("SELECT 1")
                #expect(rows.count == 1)
            }
        }
    }

    @Test func aConnectionEndedByTheServerIsReplaced() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                for _ in 0..<5 {
                    let rows = try await postgres.query("SELECT pg_backend_pid() AS pid")
                    let pid = try rows[0].get("pid", as: Int.self)
                    let error = await #expect(throws: PostgresError.self) {
                        try await postgres.withConnection { connection in
                            let own = try await connection.query("SELECT pg_backend_pid() AS pid")
                            let ownPid = try own[0].get("pid", as: Int.self)
                            #expect(pid > 0)
                            _ = try await connection.query("SELECT pg_terminate_backend($1)", [ownPid])
                            _ = try await connection.query("SELECT pg_sleep(5)")
                        }
                    }
                    #expect(error?.isUnavailable == true)
                }
                let rows = try await postgres.query("SELECT 1")
                #expect(rows.count == 1)
                #expect(postgres.statistics.leased == 0)
            }
        }
    }

    @Test func stopWaitsForWhatIsUnderWay() async throws {
        try await PostgresTestDatabase.with { database in
            var configuration = try PostgresConfiguration(url: database.url)
            configuration.poolSize = 2
            let postgres = Postgres(configuration: configuration, loops: database.loops, log: database.log)
            try await postgres.start()
            let query = Task { try await postgres.query("SELECT pg_sleep(0.3), 7 AS n") }
            try await eventually("the lease") { postgres.statistics.leased == 1 }
            await postgres.stop()
            let rows = try await query.value
            let number = try rows[0].get("n", as: Int.self)
            #expect(number == 7)
            #expect(postgres.statistics.size == 0)
            await #expect(throws: PostgresError.self) { try await postgres.query("SELECT 1") }
        }
    }

    @Test func anIdleConnectionIsAskedForASignOfLife() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres {
                $0.poolSize = 1
                $0.keepAliveInterval = .milliseconds(50)
            } _: { postgres in
                let rows = try await postgres.query("SELECT pg_backend_pid() AS pid")
                let pid = try rows[0].get("pid", as: Int.self)
                try await database.withPostgres { other in
                    _ = try await eventually("the check") {
                        // The check is an empty statement.
                        let checks = try await other.query(
                            "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND query = ''", [pid])
                        return !checks.isEmpty
                    }
                }
                let again = try await postgres.query("SELECT pg_backend_pid() AS pid")
                let pidAgain = try again[0].get("pid", as: Int.self)
                #expect(pidAgain == pid)
            }
        }
    }
}
