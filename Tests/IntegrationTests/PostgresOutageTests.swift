import Platform
import Postgres
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)), .serialized)
struct PostgresOutageTests {
    private final class Tally: Sendable {
        let succeeded = Atomic<Int>(0)
        let unavailable = Atomic<Int>(0)
        let other = Lock<[String]>([])
        let mustStop = Atomic<Bool>(false)
    }

    private func withServer(
        settings: [String] = [], _ body: (PostgresTestServer, EventLoop, CollectingSink) async throws -> Void
    ) async throws {
        let server = try PostgresTestServer(settings: settings)
        defer { server.remove() }
        try server.start()
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        try await body(server, loop, CollectingSink())
    }

    private func load(_ postgres: Postgres, _ loop: EventLoop, _ tally: Tally) async {
        while !tally.mustStop.load(ordering: .relaxed) {
            do {
                _ = try await postgres.query("SELECT $1::int + 1 AS n", [1])
                tally.succeeded.add(1, ordering: .relaxed)
            } catch let error as PostgresError where error.isUnavailable {
                tally.unavailable.add(1, ordering: .relaxed)
                // As a client does that was told to come back.
                try? await loop.sleep(for: .milliseconds(5))
            } catch {
                tally.other.withLock { $0.append("\(error)") }
                return
            }
        }
    }

    @Test func survivesTheServersDeathUnderLoadAndRecoversWithinTwoSeconds() async throws {
        try await withServer { server, loop, sink in
            var configuration = try PostgresConfiguration(url: server.url())
            configuration.poolSize = 6
            let postgres = Postgres(
                configuration: configuration, loops: [loop], log: Logger(component: "postgres", sink: sink))
            try await postgres.start()
            let tally = Tally()
            let workers = (0..<32).map { _ in Task(executorPreference: loop) { await load(postgres, loop, tally) } }
            for _ in 0..<2 {
                let before = tally.succeeded.load(ordering: .relaxed)
                try await eventually("load") { tally.succeeded.load(ordering: .relaxed) > before + 500 }
                server.kill()
                let failed = tally.unavailable.load(ordering: .relaxed)
                try await eventually("refusals") { tally.unavailable.load(ordering: .relaxed) > failed + 100 }
                #expect(postgres.statistics.size <= 6)
                try server.start()
                let dead = tally.succeeded.load(ordering: .relaxed)
                let recovery = try await eventually("recovery") {
                    tally.succeeded.load(ordering: .relaxed) > dead + 100
                }
                #expect(recovery < .seconds(2), "recovered after \(recovery)")
            }
            tally.mustStop.store(true, ordering: .relaxed)
            for worker in workers { await worker.value }
            #expect(tally.other.withLock { $0 } == [])
            #expect(postgres.statistics.peakSize <= 6)
            await postgres.stop()
            let text = sink.entries.map { "\($0.message) \($0.fields)" }.joined(separator: "\n")
            #expect(!text.contains("s3cret"))
            #expect(sink.entries.filter { "\($0.message)" == "PostgreSQL is unavailable" }.count == 2)
            #expect(sink.entries.filter { "\($0.message)" == "PostgreSQL is available again" }.count == 2)
        }
    }

    @Test func startsWithoutAServerAndFindsItLater() async throws {
        try await withServer { server, loop, sink in
            server.kill()
            let configuration = try PostgresConfiguration(url: server.url(host: "localhost"))
            let postgres = Postgres(
                configuration: configuration, loops: [loop], log: Logger(component: "postgres", sink: sink))
            try await postgres.start()
            let clock = ContinuousClock()
            let asked = clock.now
            let error = await #expect(throws: PostgresError.self) { try await postgres.query("SELECT 1") }
            #expect(clock.now - asked < .milliseconds(500), "no request waits for a server that is known to be away")
            #expect(error?.isUnavailable == true)
            #expect(error?.description.contains("s3cret") == false)
            try server.start()
            let recovery = try await eventually("recovery") { (try? await postgres.query("SELECT 1")) != nil }
            #expect(recovery < .seconds(2), "recovered after \(recovery)")
            await postgres.stop()
        }
    }

    @Test func fewSecondsOfSilenceAreEnoughToGiveUp() async throws {
        // A port that takes connections into its queue and never answers.
        let listener = try SilentListener()
        defer { listener.close() }
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        var configuration = try PostgresConfiguration(url: "postgresql://app:s3cret@127.0.0.1:\(listener.port)/app")
        configuration.connectTimeout = .milliseconds(300)
        let sink = CollectingSink()
        let postgres = Postgres(
            configuration: configuration, loops: [loop], log: Logger(component: "postgres", sink: sink))
        try await postgres.start()
        let error = await #expect(throws: PostgresError.self) { try await postgres.query("SELECT 1") }
        #expect(error?.isUnavailable == true)
        #expect(error?.description.contains("s3cret") == false)
        await postgres.stop()
    }
}
