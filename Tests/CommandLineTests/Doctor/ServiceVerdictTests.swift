import Testing

@testable import livekit_conference

/// What services say of themselves, judged.
@Suite struct ServiceVerdictTests {
    private func info(_ lines: String...) -> RedisInfo {
        RedisInfo("# Heading\r\n" + lines.joined(separator: "\r\n") + "\r\n")
    }

    @Test func redisMustKeepWhatItIsTold() {
        let good = info("aof_enabled:1", "aof_last_write_status:ok", "rdb_last_bgsave_status:ok")
        #expect(RedisChecks.persistence(good).outcome == .pass)
        #expect(RedisChecks.persistence(info("aof_enabled:0")).outcome == .fail)
        let full = RedisChecks.persistence(info("aof_enabled:1", "aof_last_write_status:err"))
        #expect(full.outcome == .fail)
        #expect(full.reason == "aof_last_write_status is err")
        #expect(RedisChecks.persistence(info("loading:1")).outcome == .unknown)
    }

    @Test func redisMayThrowAwayWhatEndsAnyway() {
        func memory(_ used: Int, _ limit: Int, _ policy: String) -> DoctorFinding.Outcome {
            RedisChecks.memory(info("used_memory:\(used)", "maxmemory:\(limit)", "maxmemory_policy:\(policy)")).outcome
        }
        #expect(memory(1 << 20, 64 << 20, "volatile-lru") == .pass)
        #expect(memory(63 << 20, 64 << 20, "volatile-lru") == .warn)
        #expect(memory(1 << 20, 0, "noeviction") == .warn)
        #expect(memory(1 << 20, 64 << 20, "allkeys-lru") == .fail)
        #expect(RedisChecks.memory(info("used_memory:1")).outcome == .unknown)
    }

    @Test func postgresNeedsConnectionsToSpare() {
        #expect(DatabaseChecks.connections(limit: 47, used: 10, wanted: 8).outcome == .pass)
        #expect(DatabaseChecks.connections(limit: 47, used: 45, wanted: 8).outcome == .warn)
        #expect(DatabaseChecks.connections(limit: 47, used: 10, wanted: 50).outcome == .fail)
    }

    @Test func theAPIsAnswersAreRead() {
        func health(_ text: String) -> DoctorFinding.Outcome {
            BackendChecks.health(Array(text.utf8), status: 200, at: "http://127.0.0.1:3001").outcome
        }
        #expect(health(#"{"status":"ok","services":[{"service":"redis","status":"ok","reason":null}]}"#) == .pass)
        #expect(
            health(#"{"status":"degraded","services":[{"service":"redis","status":"failed","reason":"x"}]}"#) == .warn)
        #expect(health(#"{"status":"failed","services":[{"service":"postgresql","status":"failed"}]}"#) == .fail)
        #expect(health("<html>It works!</html>") == .fail)
        #expect(LiveKitChecks.webhook(status: 400).outcome == .pass)
        #expect(LiveKitChecks.webhook(status: 401).outcome == .fail)
        #expect(LiveKitChecks.webhook(status: 404).outcome == .fail)
        #expect(LiveKitChecks.webhook(status: 503).outcome == .unknown)
    }
}
