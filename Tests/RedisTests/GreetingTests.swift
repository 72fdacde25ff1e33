import Testing

@testable import Redis

@Suite struct GreetingTests {
    private func greeting(_ url: String) throws -> Greeting { Greeting(try RedisConfiguration(url: url)) }

    private func info(_ version: String) -> RedisValue {
        .bytes(Array("# Server\r\nredis_version:\(version)\r\nredis_mode:standalone\r\n".utf8))
    }

    private let ok = RedisValue.status("OK")
    private let pong = RedisValue.status("PONG")
    private func failure(_ text: String) -> RedisValue { .error(RedisServerError(message: text)) }

    @Test func everythingOfTheURLIsSaid() throws {
        let commands = try greeting("redis://app:secret@localhost/4").commands
        #expect(
            commands == [
                ["AUTH", "app", "secret"], ["CLIENT", "SETNAME", "livekit-conference"], ["SELECT", 4],
                ["INFO", "server"], ["PING"],
            ])
    }

    @Test func aPasswordAloneIsForTheDefaultUser() throws {
        #expect(try greeting("redis://:secret@localhost").commands.first == ["AUTH", "secret"])
    }

    @Test(arguments: ["7.0.0", "7.0.15", "7.2.4", "8.0.1", "10.1.0"])
    func aVersionFromSevenOnIsAccepted(version: String) throws {
        #expect(try greeting("redis://localhost").judge([ok, info(version), pong]) == version)
    }

    @Test(arguments: ["6.2.14", "5.0.3", "6.999.999"])
    func anOlderVersionIsRefusedByItsNumber(version: String) throws {
        let greeting = try greeting("redis://localhost")
        let error = #expect(throws: RedisError.self) { try greeting.judge([ok, info(version), pong]) }
        #expect(error == .unsupportedVersion(found: version))
        #expect(error?.description.contains(version) == true)
        #expect(error?.isPermanent == true)
    }

    @Test func aRefusedPasswordIsToldWithoutTheServersWords() throws {
        let greeting = try greeting("redis://app:secret@localhost")
        let replies = [failure("WRONGPASS secret"), ok, failure("NOAUTH x"), failure("NOAUTH x")]
        let error = #expect(throws: RedisError.self) { try greeting.judge(replies) }
        #expect(error?.code == "redis_authentication")
        #expect(error?.description.contains("secret") == false)
    }

    @Test func aMissingPasswordIsAskedFor() throws {
        let greeting = try greeting("redis://localhost")
        let noAuth = failure("NOAUTH Authentication required.")
        let error = #expect(throws: RedisError.self) { try greeting.judge([noAuth, noAuth, noAuth]) }
        #expect(error?.description.contains("wants a password") == true)
    }

    @Test func aServerThatLoadsItsDataIsWaitedFor() throws {
        let greeting = try greeting("redis://localhost")
        let replies = [ok, info("7.0.15"), failure("LOADING Redis is loading the dataset in memory")]
        let error = #expect(throws: RedisError.self) { try greeting.judge(replies) }
        #expect(error?.isPermanent == false)
    }

    @Test func aUserWithoutTheRightToSetANameIsAccepted() throws {
        let replies = [failure("NOPERM no"), info("7.0.15"), pong]
        #expect(try greeting("redis://localhost").judge(replies) == "7.0.15")
    }

    @Test func aDatabaseOutOfRangeIsAConfigurationError() throws {
        let greeting = try greeting("redis://localhost/99")
        let error = #expect(throws: RedisError.self) {
            try greeting.judge([ok, failure("ERR DB index is out of range"), info("7.0.15"), pong])
        }
        #expect(error?.code == "redis_configuration")
    }
}
