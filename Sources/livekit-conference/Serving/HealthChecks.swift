import ConferenceAPI
import LiveKit
import ObjectStorage
import Platform
import Postgres
import Redis

struct PostgresHealthCheck: HealthCheck {
    let postgres: Postgres
    var service: String { "postgresql" }
    var isCritical: Bool { true }

    func check() async throws {
        do {
            _ = try await postgres.query("SELECT 1")
        } catch {
            throw HealthFailure("does not answer", cause: error)
        }
    }
}

struct RedisHealthCheck: HealthCheck {
    let redis: Redis
    var service: String { "redis" }
    /// Sessions, limits and presence have a way without it.
    var isCritical: Bool { false }

    func check() async throws {
        do {
            _ = try await redis.ping()
        } catch {
            throw HealthFailure("does not answer", cause: error)
        }
    }
}

struct LiveKitHealthCheck: HealthCheck {
    let liveKit: LiveKitHealth
    var service: String { "livekit" }
    var isCritical: Bool { false }

    func check() async throws {
        let outcome = await liveKit.check(timeout: .seconds(1))
        switch outcome {
        case .ok: return
        case .wrongKey: throw HealthFailure("refuses the API key")
        case .unreachable(let reason): throw HealthFailure("does not answer", cause: Reason(reason))
        case .unexpected(let status): throw HealthFailure("answers with status \(status)")
        }
    }
}

struct StorageHealthCheck: HealthCheck {
    let storage: ObjectStorageCheck
    var service: String { "storage" }
    var isCritical: Bool { false }

    func check() async throws {
        switch await storage.probe(timeout: .seconds(1)) {
        case .reachable, .created: return
        case .bucketMissing: throw HealthFailure("has no such bucket")
        case .accessDenied: throw HealthFailure("refuses the key")
        case .failed(let reason): throw HealthFailure("does not answer", cause: Reason(reason))
        }
    }
}

/// A reason that only the log shall hear.
private struct Reason: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
