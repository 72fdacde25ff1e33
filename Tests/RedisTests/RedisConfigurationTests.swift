import Testing

@testable import Redis

@Suite struct RedisConfigurationTests {
    @Test func aFullURLIsRead() throws {
        let configuration = try RedisConfiguration(url: "redis://app:p%40ss%2F%3F%25@cache.example:6380/3")
        #expect(configuration.endpoint == .tcp(host: "cache.example", port: 6380))
        #expect(configuration.user == "app")
        #expect(configuration.password == RedisPassword("p@ss/?%"))
        #expect(configuration.database == 3)
        #expect(configuration.tls == nil)
    }

    @Test func whatIsLeftOutHasDefaults() throws {
        let configuration = try RedisConfiguration(url: "redis://localhost")
        #expect(configuration.endpoint == .tcp(host: "localhost", port: 6379))
        #expect(configuration.user == nil)
        #expect(configuration.password == nil)
        #expect(configuration.database == 0)
    }

    @Test func anIPv6AddressStandsInBrackets() throws {
        let configuration = try RedisConfiguration(url: "redis://:secret@[::1]:7000/")
        #expect(configuration.endpoint == .tcp(host: "::1", port: 7000))
        #expect(configuration.user == nil)
        #expect(configuration.password == RedisPassword("secret"))
        #expect(configuration.description == "redis://[::1]:7000/0")
    }

    @Test func redissMeansTLSWithOptionalFiles() throws {
        let plain = try RedisConfiguration(url: "rediss://cache.example")
        #expect(plain.tls == RedisTLSOptions())
        let files = try RedisConfiguration(url: "rediss://cache.example?ca=/etc/a%20b.pem&cert=/c.pem&key=/k.pem")
        let expected = RedisTLSOptions(authorityFile: "/etc/a b.pem", certificateFile: "/c.pem", keyFile: "/k.pem")
        #expect(files.tls == expected)
    }

    @Test(arguments: ["unix:///run/redis/redis.sock?db=2", "redis+unix:///run/redis/redis.sock?db=2"])
    func aUnixSocketHasAPathAndADatabase(url: String) throws {
        let configuration = try RedisConfiguration(url: url)
        #expect(configuration.endpoint == .unix(path: "/run/redis/redis.sock"))
        #expect(configuration.database == 2)
    }

    @Test func aUnixSocketTakesCredentials() throws {
        let configuration = try RedisConfiguration(url: "redis+unix://app:secret@/run/redis.sock")
        #expect(configuration.user == "app")
        #expect(configuration.password == RedisPassword("secret"))
        #expect(configuration.endpoint == .unix(path: "/run/redis.sock"))
    }

    @Test(arguments: [
        ("http://localhost", "must start with redis://"),
        ("localhost:6379", "must start with redis://"),
        ("redis://", "lacks a host"),
        ("redis://localhost:99999", "port must be a number"),
        ("redis://localhost:0", "port must be a number"),
        ("redis://localhost/x", "database must be a number"),
        ("redis://localhost/-1", "database must be a number"),
        ("redis://[::1", "closing bracket"),
        ("redis://localhost?verbose=1", "unknown parameter"),
        ("redis://localhost?ca=/x", "needs the scheme rediss://"),
        ("rediss://localhost?cert=/x", "belong together"),
        ("redis://app@localhost", "without a password"),
        ("redis://:100%@localhost", "hexadecimal"),
        ("redis://:a%zz@localhost", "hexadecimal"),
        ("redis://:a%ff@localhost", "not UTF-8"),
        ("redis://:a/b@localhost", "percent-encoded"),
        ("unix://relative/path", "absolute path"),
        ("unix:///" + String(repeating: "x", count: 120), "longer than 107"),
    ])
    func aBrokenURLIsExplained(url: String, expected: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == "redis_configuration")
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        "redis://:hunter2/x@localhost", "redis://:hunter2?x@localhost", "redis://:hunter2#x@localhost",
        "redis://app:hunter2%@localhost", "redis://app:hunter2", "redis://:hunter2@localhost:port",
        "redis://:hunter2@localhost/db", "hunter2", "redis://:hunter2@[::1", "redis://:x?hunter2=1",
    ])
    func noErrorRepeatsThePassword(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func noDescriptionShowsThePassword() throws {
        let configuration = try RedisConfiguration(url: "redis://app:hunter2@localhost")
        var dumped = ""
        dump(configuration, to: &dumped)
        let password = String(describing: configuration.password)
        let texts = ["\(configuration)", String(reflecting: configuration), dumped, password]
        for text in texts { #expect(!text.contains("hunter2")) }
    }
}
