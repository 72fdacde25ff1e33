import Conference
import FoundationEssentials
import Platform
import Testing

/// Hashes by putting a mark before the password, and counts the work it would have cost.
final class TransparentHasher: PasswordHashing {
    private let counts = Lock((hashes: 0, verifications: 0))
    private let mark: String

    init(mark: String = "new:") {
        self.mark = mark
    }

    /// Pieces of expensive work so far.
    var work: Int { counts.withLock { $0.hashes + $0.verifications } }
    var hashes: Int { counts.withLock { $0.hashes } }

    func hash(_ password: String) async throws -> PasswordHash {
        counts.withLock { $0.hashes += 1 }
        return PasswordHash(phc: mark + password)
    }

    func verify(_ password: String, against hash: PasswordHash?) async throws -> PasswordVerification {
        counts.withLock { $0.verifications += 1 }
        guard let hash, hash.phc.hasSuffix(":" + password) else { return .wrong }
        return .correct(needsRehash: !hash.phc.hasPrefix(mark))
    }
}

/// Remembers whose sessions were revoked; no test starts or looks up sessions.
final class RevokingSessions: SessionStoring {
    private let ids = Lock<[UUID]>([])

    var revoked: [UUID] { ids.withLock { $0 } }

    func create(for account: SessionAccount) async -> IssuedSession { fatalError("no test expects a session to start") }
    func find(cookie: String) async -> FoundSession? { fatalError("no test expects a session to be looked up") }
    func revoke(cookie: String) async -> SessionRevocation { fatalError("no test expects one session to be revoked") }

    func revokeAll(of accountID: UUID) async -> SessionRevocation {
        ids.withLock { $0.append(accountID) }
        return .done
    }
}

final class MemoryAudit: AuditLogging {
    private let log = Lock<[AuditEntry]>([])

    var actions: [AuditEntry.Action] { log.withLock { $0.map(\.action) } }

    func atomically<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value { try await body() }

    func record(_ entry: AuditEntry) async throws { log.withLock { $0.append(entry) } }
}

/// Allows as many takes of each key as the bucket holds; nothing comes back.
final class CountingLimiter: RateLimiting {
    private let taken = Lock<[String: Int]>([:])

    var keys: [String] { taken.withLock { $0.keys.sorted() } }

    func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision {
        let count = taken.withLock { taken in
            taken["\(bucket.name) \(key)", default: 0] += 1
            return taken["\(bucket.name) \(key)", default: 0]
        }
        let allowed = count <= bucket.capacity
        return RateLimitDecision(
            allowed: allowed, limit: bucket.capacity, remaining: max(0, bucket.capacity - count),
            resetAfter: .seconds(60), retryAfter: allowed ? nil : .seconds(10))
    }
}

/// Writes the request down and returns a token that names the identity.
final class RecordingTokens: TokenIssuing {
    private let log = Lock<[RoomTokenRequest]>([])

    var requests: [RoomTokenRequest] { log.withLock { $0 } }

    func token(for request: RoomTokenRequest) throws -> String {
        log.withLock { $0.append(request) }
        return "token-of-\(request.identity)"
    }
}
