import Platform
import Redis

/// Redis: whether it is there, keeps what it is told, and throws away nothing that must stay.
enum RedisChecks {
    static let all: [DoctorCheck] = [
        .services("redis.connection", "Redis lets us in", connection),
        .services("redis.version", "Redis is new enough", version),
        .services("redis.persistence", "Redis keeps sessions over a restart") { services in
            try await withAnswer { persistence(try await info("persistence", services)) }
        },
        .services("redis.memory", "Redis has memory, and a limit to it") { services in
            try await withAnswer { memory(try await info("memory", services)) }
        },
    ]

    @Sendable private static func connection(_ services: DoctorServices) async throws -> DoctorFinding {
        do {
            return .pass("answered in \(try await services.redis().ping().nanoseconds / 1000) microseconds")
        } catch RedisError.unsupportedVersion {
            return .pass("it answers; for its version see redis.version")
        } catch let error as RedisError {
            let place = services.settings.parts.redis.map { "\($0.configuration)" } ?? ""
            return .fail(
                "\(error)",
                "REDIS_URL names \(place). Check that it and its password are right, and that the server runs: "
                    + "systemctl status redis-server.")
        }
    }

    @Sendable private static func version(_ services: DoctorServices) async throws -> DoctorFinding {
        try await withAnswer {
            do {
                return .pass(try await info("server", services)["redis_version"] ?? "not told")
            } catch RedisError.unsupportedVersion(let found) {
                return .fail(
                    "it is \(found), \(RedisVersion.minimum) or newer is needed",
                    "Upgrade it, or let REDIS_URL name another.")
            }
        }
    }

    static func persistence(_ info: RedisInfo) -> DoctorFinding {
        guard let isAppending = info["aof_enabled"] else { return .unknown("INFO doesn't tell aof_enabled") }
        guard isAppending == "1" else {
            return .fail(
                "appendonly is off: after a crash of Redis people are signed out, or signed in again who had left",
                "redis-cli CONFIG SET appendonly yes, and appendonly yes in its configuration; livekit-conference-host writes it."
            )
        }
        let statuses = ["aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"]
        let bad = statuses.filter { info[$0].map { $0 != "ok" } == true }
        guard bad.isEmpty else {
            return .fail(
                bad.map { "\($0) is \(info[$0] ?? "")" }.joined(separator: ", "),
                "The disk is full or not writable: see disk.space and journalctl -u redis-server. Background saves also need "
                    + "vm.overcommit_memory=1.")
        }
        return .pass("appendonly is on, the last writes went well")
    }

    static func memory(_ info: RedisInfo) -> DoctorFinding {
        guard let used = info.number("used_memory"), let limit = info.number("maxmemory") else {
            return .unknown("INFO doesn't tell used_memory and maxmemory")
        }
        let policy = info["maxmemory_policy"] ?? ""
        guard limit > 0 else {
            return .warn(
                "there is no maxmemory: \(used >> 20) MiB used, and nothing keeps Redis from taking all there is",
                "maxmemory 256mb and maxmemory-policy volatile-lru in its configuration.")
        }
        if policy.hasPrefix("allkeys") {
            return .fail(
                "maxmemory-policy is \(policy): when full, it throws away what must stay, such as LiveKit's rooms",
                "redis-cli CONFIG SET maxmemory-policy volatile-lru, and the same in its configuration.")
        }
        let reason = "\(used >> 20) of \(limit >> 20) MiB used, policy \(policy)"
        if used * 10 > limit * 9 { return .warn(reason, "Raise maxmemory, if the machine has the memory.") }
        return .pass(reason)
    }

    private static func info(_ section: String, _ services: DoctorServices) async throws -> RedisInfo {
        let reply = try await services.redis().send(["INFO", .text(section)])
        guard let text = reply.string else { throw DoctorFinding.unknown("INFO was answered with no text") }
        return RedisInfo(text)
    }

    private static func withAnswer(_ body: () async throws -> DoctorFinding) async throws -> DoctorFinding {
        do {
            return try await body()
        } catch RedisError.server(let error) {
            throw DoctorFinding.unknown("Redis refuses to tell: \(error)", "Let the user of REDIS_URL call INFO.")
        } catch is RedisError {
            throw DoctorFinding.unknown("there is no usable connection", "See redis.connection.")
        }
    }
}
