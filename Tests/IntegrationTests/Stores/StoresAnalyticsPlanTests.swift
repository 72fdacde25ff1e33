import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// With a million participants: what the queries read.
@Suite struct StoresAnalyticsPlanTests {
    /// What the benchmark fills a database with, statement by statement.
    private static func fill() throws -> [String] {
        let root = #filePath.split(separator: "Tests/IntegrationTests", maxSplits: 1)[0]
        let text = try String(contentsOf: URL(filePath: "\(root)Tests/Bench/million_participants.sql"), encoding: .utf8)
        return text.split(separator: ";\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(5))) func nothingReadsAllParticipants() async throws {
        // A busy machine fills more slowly than production lets a statement run.
        try await StoreTestDatabase.with(statementTimeout: .seconds(240)) { database in
            let postgres = database.postgres
            try await postgres.withTransaction { connection in
                for statement in try Self.fill() { _ = try await connection.execute(statement) }
            }
            try await Self.checkPlans(postgres)
            try await Self.checkSums(postgres)
        }
    }

    private static func checkPlans(_ postgres: Postgres) async throws {
        let times = ["'2026-06-01 00:00Z'", "'2026-07-01 00:00Z'", "'day'"]
        let owner = "'\(String(repeating: "0", count: 31))7'"
        let everybodys = try await plan(PostgresAnalyticsStore.overview(ofOwner: false), times, postgres)
        #expect(everybodys.relations == ["gatherings"])
        #expect(everybodys.sequential.isEmpty)
        let own = try await plan(PostgresAnalyticsStore.overview(ofOwner: true), times + [owner], postgres)
        #expect(own.relations == ["gatherings"])
        #expect(own.sequential.isEmpty)
        let meeting = "'\(String(repeating: "0", count: 28))c350'"
        let figures = try await plan(
            "SELECT * FROM gathering_figures($1, $2, $3)", [meeting, times[0], times[1]], postgres)
        #expect(figures.relations.contains("participants"), "the function's own plan is seen")
        #expect(figures.sequential.intersection(["participants", "meetings", "gatherings"]).isEmpty)
        let timeline = try await plan(
            PostgresTimeline.query(of: nil),
            [meeting, "'epoch'", "'\(String(repeating: "0", count: 32))'", "50", "true"],
            postgres)
        #expect(timeline.relations.contains("participants"))
        #expect(timeline.sequential.intersection(["participants", "meetings", "gatherings"]).isEmpty)
    }

    /// The sums agree with what the function makes of the participants.
    private static func checkSums(_ postgres: Postgres) async throws {
        let store = PostgresAnalyticsStore(postgres)
        let before = try await sums(store)
        #expect(before.gatherings == 8640)
        #expect(before.figures.participants == 86_400)
        let some =
            "UPDATE gatherings SET is_stale = true, participants = 0, peak_participants = 0 WHERE id IN (SELECT id FROM gatherings ORDER BY started_at OFFSET 50000 LIMIT 100)"
        try await postgres.execute(some)
        #expect(try await sums(store) != before)
        #expect(try await store.summarise(endedBefore: Date(timeIntervalSince1970: 1_893_456_000), limit: 200) == 100)
        #expect(try await sums(store) == before)
    }

    private static func sums(_ store: PostgresAnalyticsStore) async throws -> GatheringSums {
        // June 2026.
        let period = try AnalyticsPeriod(
            from: Date(timeIntervalSince1970: 1_780_272_000), to: Date(timeIntervalSince1970: 1_782_777_600),
            by: .month,
            now: Date(timeIntervalSince1970: 1_782_777_600))
        return try await store.steps(of: period, owner: nil)[0].sums
    }

    private struct Plan {
        /// The tables that are read.
        var relations: Set<String> = []
        /// Those of them that are read from beginning to end.
        var sequential: Set<String> = []
    }

    private static func plan(_ sql: String, _ literals: [String], _ postgres: Postgres) async throws -> Plan {
        var text = sql
        for (index, literal) in literals.enumerated() { text = text.replacing("$\(index + 1)", with: literal) }
        var plan = Plan()
        for row in try await postgres.query("EXPLAIN (COSTS OFF) \(text)") {
            let line = try row.get(0, as: String.self)
            // Bitmaps are made of an index, which is named in place of its table; the others are no tables.
            let others = ["Bitmap Index Scan", "CTE Scan", "Subquery Scan", "Function Scan"]
            let words = line.split(separator: " ")
            guard line.contains("Scan"), !others.contains(where: line.contains),
                let place = words.firstIndex(of: "on"), place + 1 < words.count
            else { continue }
            let relation = String(words[place + 1])
            plan.relations.insert(relation)
            if line.contains("Seq Scan") { plan.sequential.insert(relation) }
        }
        return plan
    }
}
