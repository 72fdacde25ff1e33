import Conference
import FoundationEssentials
import Platform

/// Sessions in memory.
final class MemorySessions: SessionStoring {
    private struct Content {
        var sessions: [String: Session] = [:]
        var count = 0
        var isAway = false
    }

    private let content = Lock(Content())
    let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    /// Whether the store is away, so that sessions are found by their signature alone.
    var isAway: Bool {
        get { content.withLock { $0.isAway } }
        set { content.withLock { $0.isAway = newValue } }
    }

    func create(for account: SessionAccount) async -> IssuedSession {
        let session = Session(
            accountID: account.id, role: account.role, email: account.email, displayName: account.displayName,
            createdAt: clock.now, expiresAt: clock.now + 3600)
        let cookie = content.withLock { content in
            content.count += 1
            content.sessions["cookie-\(content.count)"] = session
            return "cookie-\(content.count)"
        }
        return IssuedSession(session: session, cookie: cookie)
    }

    func find(cookie: String) async -> FoundSession? {
        content.withLock { content in
            content.sessions[cookie].map {
                FoundSession(
                    session: $0, renewedCookie: cookie == "cookie-renewed" ? "renewed" : nil,
                    isConfirmed: !content.isAway)
            }
        }
    }

    /// Makes another cookie stand for the same session.
    func alias(_ cookie: String, as other: String) {
        content.withLock { $0.sessions[other] = $0.sessions[cookie] }
    }

    func revoke(cookie: String) async -> SessionRevocation {
        content.withLock { $0.sessions[cookie] = nil }
        return .done
    }

    func revokeAll(of accountID: UUID) async -> SessionRevocation {
        content.withLock { content in
            // While away nothing is forgotten, as in the real store: the account decides then.
            if !content.isAway { content.sessions = content.sessions.filter { $0.value.accountID != accountID } }
        }
        return .done
    }
}

/// Allows everything but the keys it was told to refuse, and remembers what was asked.
final class ScriptedLimiter: RateLimiting {
    private let content = Lock<(taken: [String], refused: Set<String>)>(([], []))

    /// Each as `bucket key`.
    var taken: [String] { content.withLock { $0.taken } }

    func refuse(_ bucketAndKey: String) { content.withLock { _ = $0.refused.insert(bucketAndKey) } }

    func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision {
        let name = "\(bucket.name) \(key)"
        let allowed = content.withLock { content in
            content.taken.append(name)
            return !content.refused.contains(name)
        }
        return RateLimitDecision(
            allowed: allowed, limit: bucket.capacity, remaining: allowed ? bucket.capacity - 1 : 0,
            resetAfter: .milliseconds(1500), retryAfter: allowed ? nil : .milliseconds(2500))
    }
}

/// A hash that hides nothing.
struct PlainHasher: PasswordHashing {
    func hash(_ password: String) async throws -> PasswordHash { PasswordHash(phc: "plain:\(password)") }

    func verify(_ password: String, against hash: PasswordHash?) async throws -> PasswordVerification {
        hash == PasswordHash(phc: "plain:\(password)") ? .correct(needsRehash: false) : .wrong
    }
}

struct SilentAudit: AuditLogging {
    func atomically<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value { try await body() }
    func record(_ entry: AuditEntry) async throws {}
}

struct PlainTokens: TokenIssuing {
    func token(for request: RoomTokenRequest) throws -> String { "token-of-\(request.identity)" }
}

struct FixedClock: WallClock {
    /// 2026-03-01T09:00:00Z.
    let now = Date(timeIntervalSince1970: 1_772_355_600)
}

/// 00000000-…-1, -2, …
final class CountingIDs: IDGenerating {
    private let count = Lock<UInt8>(0)

    func next() -> UUID {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return UUID(uuid: (1, 0x99, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number))
    }
}

/// The last events of meetings, in memory.
final class MemoryEventLog: MeetingEventReplaying {
    private let content = Lock<(events: [SentMeetingEvent], isAway: Bool)>(([], false))

    var isAway: Bool {
        get { content.withLock { $0.isAway } }
        set { content.withLock { $0.isAway = newValue } }
    }

    /// Keeps an event, which gets the next id.
    func append(_ event: MeetingEvent) -> SentMeetingEvent {
        content.withLock { content in
            let sent = SentMeetingEvent(
                id: MeetingEventID(milliseconds: UInt64(content.events.count + 1), sequence: 0), event: event)
            content.events.append(sent)
            return sent
        }
    }

    func events(of meeting: MeetingID, after place: MeetingEventID?) async throws -> MeetingEventReplay {
        let (events, isAway) = content.withLock { $0 }
        if isAway { throw ConferenceError.unavailable(service: "event log", cause: "test") }
        let end = events.last?.id ?? MeetingEventID(milliseconds: 0, sequence: 0)
        guard let place else { return MeetingEventReplay(events: [], end: end, isComplete: true) }
        let isKnown = place.milliseconds == 0 || events.contains { $0.id == place }
        let missed = events.filter { ($0.id ?? place) > place && $0.event.meetingID == meeting }
        return MeetingEventReplay(events: isKnown ? missed : [], end: end, isComplete: isKnown)
    }
}
