import Glibc
import Platform
import Redis
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisIntegrationTests {
    @Test func valuesOfEveryKindComeBack() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let key = RedisArgument("test:\(UInt64.random(in: 0 ... .max))")
            let binary = (0...255).map { UInt8($0) }
            let replies = try await test.redis.pipeline([
                ["SET", key, .bytes(binary), "PX", 10_000], ["GET", key], ["STRLEN", key], ["GET", "test:nothing"],
                ["LPUSH", key, "x"], ["DEL", key],
            ])
            #expect(replies[..<4] == [.status("OK"), .bytes(binary), .integer(256), .null])
            guard case .error(let error) = replies[4] else { throw RedisError.unexpectedReply("no error") }
            #expect(error.code == "WRONGTYPE")
            #expect(replies[5] == .integer(1))
        }
    }

    @Test func aBigValueGoesThereAndBack() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let key = RedisArgument("test:\(UInt64.random(in: 0 ... .max))")
            let big = [UInt8](repeating: 0x61, count: 20_000_000)
            let replies = try await test.redis.pipeline([
                ["SET", key, .bytes(big), "PX", 10_000], ["GET", key], ["DEL", key],
            ])
            #expect(replies[1].bytes == big)
        }
    }

    @Test func nestedArraysAndScriptsWork() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let script = RedisScript(
                "return {1, {KEYS[1], ARGV[1], {false, redis.status_reply('FINE')}}} -- \(Int.random(in: 0 ... .max))"
            )
            let expected = RedisValue.array([
                .integer(1),
                .array([.bytes(Array("k".utf8)), .bytes(Array("a".utf8)), .array([.null, .status("FINE")])]),
            ])
            #expect(try await test.redis.eval(script, keys: ["k"], arguments: ["a"]) == expected)
            #expect(try await test.redis.eval(script, keys: ["k"], arguments: ["a"]) == expected)
            let failing = RedisScript("return redis.error_reply('MINE it failed')")
            await #expect(throws: RedisError.server(RedisServerError(message: "MINE it failed"))) {
                try await test.redis.eval(failing, keys: [])
            }
        }
    }

    @Test func aCallerOutsideOfTheLoopsIsServed() async throws {
        let loops = try (1...2).map { try EventLoop(name: "redis-\($0)") }
        for loop in loops { try loop.start() }
        defer { for loop in loops { loop.stop() } }
        let configuration = try RedisConfiguration(url: try TestEnvironment.require("TEST_REDIS_URL"))
        let redis = Redis(
            configuration: configuration, loops: loops, log: Logger(component: "test", sink: LogWatcher()))
        try await redis.start()
        let outside = try await redis.send(["CLIENT", "ID"])
        let first = try await loops[0].run { try await redis.send(["CLIENT", "ID"]) }
        let second = try await loops[1].run { try await redis.send(["CLIENT", "ID"]) }
        #expect(outside == first)
        #expect(first != second)
        #expect(try await redis.send(["CLIENT", "GETNAME"]).string == "livekit-conference")
        await redis.stop()
    }

    @Test func afterKillMinusNineItComesBackWithinTwoSeconds() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test async throws in
            await test.untilConnected()
            unsafeServer.kill()
            await test.untilAway()
            #expect(await redisErrorCode { _ = try await test.redis.send(["PING"]) } == "redis_unavailable")
            // Pauses between attempts have reached their limit by now.
            try await test.loop.sleep(for: .seconds(2))
            try unsafeServer.start()
            let start = MonotonicTime.now
            await test.untilConnected()
            #expect(try await test.redis.send(["PING"]) == .status("PONG"))
            #expect(MonotonicTime.now.duration(since: start) < .seconds(2))
        }
    }

    @Test func aFrozenServerCostsTheTimeoutThenFailsFastAndComesBack() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url, adjust: { $0.commandTimeout = .milliseconds(500) }) {
            test async throws in
            await test.untilConnected()
            unsafeServer.freeze()
            #expect(await redisErrorCode { _ = try await test.redis.send(["PING"]) } == "redis_timeout")
            await test.untilAway()
            #expect(await redisErrorCode { _ = try await test.redis.send(["PING"]) } == "redis_unavailable")
            unsafeServer.thaw()
            let thawed = MonotonicTime.now
            await test.untilConnected()
            #expect(try await test.redis.send(["PING"]) == .status("PONG"))
            #expect(MonotonicTime.now.duration(since: thawed) < .seconds(2))
        }
    }

    @Test func passwordUserAndDatabaseAreUsed() async throws {
        let server = try RedisServerProcess([
            "--requirepass", "s3cret/word", "--user", "app", "on", ">app%pw", "~*", "&*", "+@all",
        ])
        try server.start()
        try await RedisHarness.run("redis://app:app%25pw@127.0.0.1:\(server.port)/5") { test async throws in
            await test.untilConnected()
            #expect(try await test.redis.send(["ACL", "WHOAMI"]).string == "app")
            #expect(try await test.redis.send(["CLIENT", "INFO"]).string?.contains(" db=5 ") == true)
        }
        try await RedisHarness.run("redis://:s3cret%2Fword@127.0.0.1:\(server.port)") { test async throws in
            #expect(try await test.redis.send(["ACL", "WHOAMI"]).string == "default")
        }
        let refused = [
            ("redis://:wrong@127.0.0.1:\(server.port)", "check user name"), (server.url, "wants a password"),
        ]
        for (url, words) in refused {
            let error = await #expect(throws: RedisError.self) { try await RedisHarness.run(url) { _ in } }
            #expect(error?.code == "redis_authentication")
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test func aUnixSocketWorks() async throws {
        let server = try RedisServerProcess(["--unixsocket", "{folder}/redis.sock"])
        try server.start()
        try await RedisHarness.run("unix://\(server.folder)/redis.sock?db=1") { test async throws in
            await test.untilConnected()
            #expect(try await test.redis.send(["CLIENT", "INFO"]).string?.contains(" db=1 ") == true)
        }
    }
}
