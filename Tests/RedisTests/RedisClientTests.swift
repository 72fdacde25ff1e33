import Platform
import Redis
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisClientTests {
    /// Runs the body on the loop of a started client.
    private func withClient(
        of server: FakeRedisServer, adjust: (inout RedisConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Redis, LogWatcher) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(server.port)")
        // A busy machine is no reason to fail: what depends on limits sets its own.
        configuration.commandTimeout = .seconds(10)
        configuration.connectTimeout = .seconds(10)
        adjust(&configuration)
        let loop = try EventLoop(name: "redis-test")
        try loop.start()
        defer { loop.stop() }
        let log = LogWatcher()
        let redis = Redis(configuration: configuration, loops: [loop], log: Logger(component: "test", sink: log))
        try await redis.start()
        do {
            try await loop.run { try await body(redis, log) }
        } catch {
            await redis.stop()
            throw error
        }
        await redis.stop()
    }

    private func code(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "no error"
        } catch let error as RedisError {
            return error.code
        } catch {
            return "\(type(of: error))"
        }
    }

    @Test func aServerOfVersionSixIsRefusedByItsNumber() async throws {
        let server = try FakeRedisServer(version: "6.2.14")
        try server.start()
        defer { server.stop() }
        await #expect(throws: RedisError.unsupportedVersion(found: "6.2.14")) {
            try await withClient(of: server) { _, _ in }
        }
    }

    @Test func startingWithoutAServerIsNoFailureAndCommandsFailAtOnce() async throws {
        let server = try FakeRedisServer()
        server.stop()
        try await withClient(of: server) { (redis, _) async throws in
            let error = await #expect(throws: RedisError.self) { try await redis.send(["GET", "a"]) }
            #expect(error?.code == "redis_unavailable")
            #expect(error?.description.contains("connect") == true)
        }
    }

    @Test func commandsOfOneTurnGoOutTogetherAndRepliesFindTheirCommands() async throws {
        let server = try FakeRedisServer { command, _ in .bytes(Array("+\(command[1])\r\n".utf8)) }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            let before = server.packets.count
            try await withThrowingTaskGroup(of: (Int, RedisValue).self) { group in
                for number in 0..<100 {
                    group.addTask { (number, try await redis.send(["ECHO", .integer(number)])) }
                }
                for try await (number, value) in group { #expect(value == .status("\(number)")) }
            }
            #expect(server.packets.count == before + 1)
        }
    }

    @Test func countsCommandsErrorsAndConnections() async throws {
        let server = try FakeRedisServer { command, _ in
            switch command[0] {
            case "GOOD": .bytes(Array("+OK\r\n".utf8))
            case "BAD": .bytes(Array("-ERR no\r\n".utf8))
            default: .hangUp
            }
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, log) async throws in
            #expect(redis.statistics == RedisStatistics(connected: 1, connects: 1))
            _ = try await redis.pipeline([["GOOD"], ["BAD"], ["GOOD"]])
            var statistics = redis.statistics
            #expect(statistics.commands == 3 && statistics.errors == 1 && statistics.connected == 1)
            #expect(statistics.commandTime > .zero && statistics.commandTime < .seconds(30))

            _ = await code { _ = try await redis.send(["LAST"]) }
            #expect(redis.statistics.connected == 0)
            _ = await code { _ = try await redis.send(["GOOD"]) }
            statistics = redis.statistics
            #expect(statistics.commands == 3, "there was no reply")
            #expect(statistics.errors == 3, "one lost its connection, one found none")
            let metrics = MetricsRegistry()
            redis.observe(in: metrics)
            #expect(metrics.render().contains("\nredis_command_errors_total 3\n"))
        }
    }

    @Test func aReplyThatComesByteByByteIsWhole() async throws {
        let server = try FakeRedisServer { _, _ in .slowly(Array("*2\r\n$3\r\nabc\r\n*2\r\n$-1\r\n:7\r\n".utf8)) }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            let expected = RedisValue.array([.bytes(Array("abc".utf8)), .array([.null, .integer(7)])])
            #expect(try await redis.send(["X"]) == expected)
            #expect(try await redis.pipeline([["X"], ["X"]]) == [expected, expected])
        }
    }

    @Test func anErrorReplyIsThrownAndInAPipelineAValue() async throws {
        let server = try FakeRedisServer { command, _ in
            .bytes(Array(command[0] == "GOOD" ? "+OK\r\n".utf8 : "-WRONGTYPE not a list\r\n".utf8))
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            let expected = RedisServerError(message: "WRONGTYPE not a list")
            await #expect(throws: RedisError.server(expected)) { try await redis.send(["BAD"]) }
            let replies = try await redis.pipeline([["GOOD"], ["BAD"], ["GOOD"]])
            #expect(replies == [.status("OK"), .error(expected), .status("OK")])
        }
    }

    @Test func aServerThatHangsCostsTheTimeoutAndThenNothing() async throws {
        let server = try FakeRedisServer { _, connection in
            connection == 1 ? .nothing : .bytes(Array("+OK\r\n".utf8))
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server, adjust: { $0.commandTimeout = .milliseconds(500) }) {
            (redis, log) async throws in
            async let first = code { _ = try await redis.send(["A"]) }
            async let second = code { _ = try await redis.pipeline([["B"], ["C"]]) }
            #expect(await first == "redis_timeout")
            #expect(await second == "redis_timeout")
            #expect(await log.next(away)?.fields["code"] == "redis_timeout")
            _ = await log.next(back)
            #expect(try await redis.send(["D"]) == .status("OK"))
        }
    }

    @Test func commandsUnderWayFailWhenTheConnectionIsLost() async throws {
        let server = try FakeRedisServer { command, connection in
            if connection > 1 { return .bytes(Array("+OK\r\n".utf8)) }
            return command[0] == "LAST" ? .hangUp : .nothing
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, log) async throws in
            async let first = code { _ = try await redis.send(["A"]) }
            async let second = code { _ = try await redis.send(["LAST"]) }
            #expect(await [first, second] == ["redis_unavailable", "redis_unavailable"])
            _ = await log.next(away)
            _ = await log.next(back)
            #expect(try await redis.send(["D"]) == .status("OK"))
        }
    }

    @Test func aFullQueueRefusesAtOnce() async throws {
        let server = try FakeRedisServer()
        try server.start()
        defer { server.stop() }
        let adjust: (inout RedisConfiguration) -> Void = {
            $0.commandTimeout = .milliseconds(500)
            $0.maximumPendingCommands = 3
        }
        try await withClient(of: server, adjust: adjust) { (redis, _) async throws in
            async let waiting = code { _ = try await redis.pipeline([["A"], ["B"], ["C"]]) }
            await Task.yield()
            let error = await #expect(throws: RedisError.self) { try await redis.send(["D"]) }
            #expect(error == .unavailable("3 commands already wait for replies"))
            #expect(await waiting == "redis_timeout")
        }
    }

    @Test func aCancelledCommandLeavesTheOrderOfRepliesIntact() async throws {
        let server = try FakeRedisServer { command, _ in
            command[0] == "SLOW" ? .nothing : .bytes(Array("+slow\r\n+\(command[0])\r\n".utf8))
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask { await code { _ = try await redis.send(["SLOW"]) } }
                await Task.yield()
                group.cancelAll()
                let outcome = try await group.next()
                #expect(outcome == "CancellationError")
            }
            #expect(try await redis.send(["FAST"]) == .status("FAST"))
        }
    }

    @Test func aServerThatCannotServeCountsAsUnavailable() async throws {
        let server = try FakeRedisServer { _, _ in .bytes(Array("-LOADING Redis is loading\r\n".utf8)) }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            #expect(await code { _ = try await redis.send(["GET", "a"]) } == "redis_unavailable")
        }
    }

    @Test func aScriptIsSentOnceAndThenNamedByItsDigest() async throws {
        let server = try FakeRedisServer { command, _ in
            .bytes(Array(command[0] == "EVAL" ? "+evaluated\r\n".utf8 : "-NOSCRIPT none\r\n".utf8))
        }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            let reply = try await redis.eval(RedisScript("return 1"), keys: ["k"], arguments: ["a"])
            #expect(reply == .status("evaluated"))
            let sent = server.packets.suffix(2).map { String(decoding: $0, as: UTF8.self) }
            #expect(
                sent[0].contains("EVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n$1\r\n1\r\n$1\r\nk"))
            #expect(sent[1].contains("EVAL\r\n$8\r\nreturn 1\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\na"))
        }
    }

    @Test func stoppingWaitsForRepliesUnderWayAndRefusesNewCommands() async throws {
        let server = try FakeRedisServer { _, _ in .bytes(Array("+OK\r\n".utf8)) }
        try server.start()
        defer { server.stop() }
        try await withClient(of: server) { (redis, _) async throws in
            async let underWay = redis.send(["A"])
            await Task.yield()
            await redis.stop()
            #expect(try await underWay == .status("OK"))
            #expect(await code { _ = try await redis.send(["B"]) } == "redis_unavailable")
        }
    }
}

private let away = "Redis is away"
private let back = "Redis is connected"
