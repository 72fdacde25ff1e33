import Platform
import Redis
import TestSupport

/// A started client on a loop of its own.
struct RedisHarness {
    let loop: EventLoop
    let redis: Redis
    let log: LogWatcher

    /// Runs the body on the loop of a client that is started before and stopped after it.
    static func run(
        _ url: String, adjust: (inout RedisConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (RedisHarness) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: url)
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
            try await loop.run { try await body(RedisHarness(loop: loop, redis: redis, log: log)) }
        } catch {
            await redis.stop()
            throw error
        }
        await redis.stop()
    }

    /// Waits until the log says that the connection was lost.
    func untilAway() async { _ = await log.next("Redis is away") }

    /// Waits until the log says that the connection is there, for the first time or again.
    func untilConnected() async { _ = await log.next("Redis is connected") }
}

/// The code of the error that the body throws.
func redisErrorCode(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "no error"
    } catch let error as RedisError {
        return error.code
    } catch {
        return "\(type(of: error))"
    }
}
