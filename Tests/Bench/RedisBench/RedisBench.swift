import Glibc
import Platform
import Redis

/// Commands a second through the Redis client: `REDIS_URL=... RedisBench DEPTH SECONDS` on one connection, DEPTH commands under
/// way. The figure alone goes to standard output.
@main
enum RedisBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let depth = Int(arguments[1]), depth > 0, let seconds = Int(arguments[2]),
            let url = getenv("REDIS_URL")
        else {
            print("usage: REDIS_URL=... RedisBench DEPTH SECONDS")
            exit(64)
        }
        let loop = try EventLoop(name: "bench")
        try loop.start()
        let redis = Redis(
            configuration: try RedisConfiguration(url: String(cString: url)), loops: [loop],
            log: Logger(component: "bench", level: .error, sink: TextSink()))
        try await redis.start()
        let rate = try await withTaskExecutorPreference(loop) {
            try await measure(redis, depth: depth, limit: .seconds(seconds))
        }
        print(Int(rate))
        await redis.stop()
        loop.stop()
    }

    /// Sends what `redis-benchmark -t get` sends, in batches of `depth`.
    private static func measure(_ redis: Redis, depth: Int, limit: Duration) async throws -> Double {
        let key: RedisArgument = "key:__rand_int__"
        _ = try await redis.send(["SET", key, "xxx"])
        let batch = [[RedisArgument]](repeating: ["GET", key], count: depth)
        let began = MonotonicTime.now
        var count = 0
        var elapsed = Duration.zero
        while elapsed < limit {
            // The clock costs something too.
            for _ in 0..<64 {
                let replies = try await redis.pipeline(batch)
                guard replies.count == depth, replies[0].string == "xxx" else { throw Failure() }
                count += depth
            }
            elapsed = MonotonicTime.now.duration(since: began)
        }
        return Double(count) / elapsed.seconds
    }

    struct Failure: Error {}
}
