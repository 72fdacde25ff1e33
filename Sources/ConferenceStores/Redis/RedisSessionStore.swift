import Conference
import FoundationEssentials
import Platform
import Redis

/// How long sessions and their cookies last.
public struct SessionLifetimes: Sendable {
    /// Without use.
    public var idle: Duration = .seconds(14 * 86_400)
    /// In any case.
    public var absolute: Duration = .seconds(90 * 86_400)
    /// A cookie older than this is renewed when it is used, and the session's expiry moves on.
    public var renewal: Duration = .seconds(300)
    /// While Redis is away, a cookie younger than this is accepted for its signature.
    public var offline: Duration = .seconds(900)

    public init() {}
}

/// Sessions in Redis, which decides while it answers. What it said is remembered for a second at most, and no longer than
/// until the next revocation, see ``SessionMemory``.
///
/// While it is away, the signature of a cookie issued a short time ago keeps people in, and new sign-ins get such a
/// cookie, from which the next request that finds Redis back writes the session.
public final class RedisSessionStore: SessionStoring, Service {
    /// When sessions begun earlier became void, as the database remembers it; nil when it is silent.
    public typealias ValidAfter = @Sendable (UUID) async -> Date?

    public let name = "sessions"
    private let commands: RedisSessionCommands
    private let key: SigningKey
    private let lifetimes: SessionLifetimes
    private let clock: any WallClock
    private let random: any RandomSource
    private let validAfter: ValidAfter
    private let log: RedisFallbackLog
    private let revocations = Lock(RevocationMemory())
    private let memory = Lock(SessionMemory())
    private let listener = Lock<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - secret: at least 32 characters; a change makes every cookie void.
    ///   - validAfter: asked only when Redis doesn't decide.
    public init(
        redis: Redis, secret: String, lifetimes: SessionLifetimes = SessionLifetimes(), prefix: String = "lkc:session",
        clock: any WallClock = SystemWallClock(), random: any RandomSource = SystemRandomSource(), log: Logger,
        validAfter: @escaping ValidAfter
    ) {
        precondition(secret.utf8.count >= 32, "the session secret is too short")
        commands = RedisSessionCommands(redis: redis, prefix: prefix)
        key = SessionCookie.key(secret: secret)
        self.lifetimes = lifetimes
        self.clock = clock
        self.random = random
        self.validAfter = validAfter
        self.log = RedisFallbackLog(log: log.with(component: "sessions"))
    }

    // MARK: Life

    /// Begins to listen for revocations; until it does, and whenever it can't, Redis is asked each time.
    public func start() async throws {
        let subscription = commands.redis.subscribe([commands.channel])
        let task = Task { [memory] in
            for await event in subscription {
                switch event {
                case .active, .gap: memory.withLock { $0.listen(true) }
                case .message: memory.withLock { $0.forgetAll() }
                case .interrupted: memory.withLock { $0.listen(false) }
                }
            }
            memory.withLock { $0.listen(false) }
        }
        listener.withLock { $0 = task }
    }

    public func stop() async {
        let task = listener.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    /// Whether a request with this cookie would be answered without asking Redis.
    func isRemembered(_ cookie: String) -> Bool {
        let now = clock.now
        return memory.withLock { $0.find(cookie, now: now) != nil }
    }

    // MARK: Sessions

    public func create(for account: SessionAccount) async -> IssuedSession {
        let now = clock.now
        let record = SessionRecord(account, createdAt: now)
        let id = random.bytes(32)
        let expiry = expiry(of: record, usedAt: now)
        let isStored = await inRedis {
            try await commands.store(record, digest: Self.digest(of: id), expiresAt: expiry, now: now)
        }
        let cookie = SessionCookie(id: id, issuedAt: now, isPending: isStored != true, record: record)
        return IssuedSession(session: record.session(expiresAt: expiry), cookie: cookie.text(signedWith: key))
    }

    public func find(cookie text: String) async -> FoundSession? {
        let now = clock.now
        let (remembered, epoch) = memory.withLock { ($0.find(text, now: now), $0.epoch) }
        if let remembered { return remembered }
        let found = await read(text, now: now)
        if let found, found.isConfirmed, found.renewedCookie == nil {
            memory.withLock { $0.remember(found, of: text, readAt: now, epoch: epoch) }
        }
        return found
    }

    private func read(_ text: String, now: Date) async -> FoundSession? {
        guard let cookie = SessionCookie(text, signedWith: key) else { return nil }
        let digest = Self.digest(of: cookie.id)
        guard now < expiry(of: cookie.record, usedAt: cookie.issuedAt), !isRevokedHere(cookie, digest) else {
            return nil
        }
        let isDue = age(of: cookie, now) >= lifetimes.renewal
        let stored = await inRedis { try await read(cookie, digest, renewing: isDue, now: now) }
        switch stored {
        case .some(.some(let record)): return confirmed(cookie, record, renewing: isDue, now: now)
        case .some(.none): return await promote(cookie, digest, now: now)
        case .none: return await judgedBySignature(cookie, now: now)
        }
    }

    private func read(
        _ cookie: SessionCookie, _ digest: String, renewing: Bool, now: Date
    ) async throws -> SessionRecord? {
        guard renewing else { return try await commands.read(digest: digest) }
        return try await commands.renew(
            digest: digest, account: cookie.record.accountID, expiresAt: expiry(of: cookie.record, usedAt: now),
            now: now)
    }

    private func confirmed(
        _ cookie: SessionCookie, _ record: SessionRecord, renewing: Bool, now: Date
    ) -> FoundSession {
        let issuedAt = renewing ? now : cookie.issuedAt
        var renewed: String?
        if renewing || cookie.isPending {
            renewed = SessionCookie(id: cookie.id, issuedAt: issuedAt, isPending: false, record: record)
                .text(signedWith: key)
        }
        let session = record.session(expiresAt: expiry(of: record, usedAt: issuedAt))
        return FoundSession(session: session, renewedCookie: renewed, isConfirmed: true)
    }

    /// Redis is back and doesn't know the session: write it there if it began without Redis.
    private func promote(_ cookie: SessionCookie, _ digest: String, now: Date) async -> FoundSession? {
        guard cookie.isPending, age(of: cookie, now) < lifetimes.offline, await isValidByDatabase(cookie) else {
            return nil
        }
        let expiry = expiry(of: cookie.record, usedAt: now)
        let isStored = await inRedis {
            try await commands.store(cookie.record, digest: digest, expiresAt: expiry, now: now)
        }
        switch isStored {
        case true?: return confirmed(cookie, cookie.record, renewing: true, now: now)
        case false?: return nil
        case nil: return await judgedBySignature(cookie, now: now)
        }
    }

    private func judgedBySignature(_ cookie: SessionCookie, now: Date) async -> FoundSession? {
        guard age(of: cookie, now) < lifetimes.offline, await isValidByDatabase(cookie) else { return nil }
        let session = cookie.record.session(expiresAt: expiry(of: cookie.record, usedAt: cookie.issuedAt))
        return FoundSession(session: session, renewedCookie: nil, isConfirmed: false)
    }

    // MARK: Revocation

    public func revoke(cookie text: String) async -> SessionRevocation {
        guard let cookie = SessionCookie(text, signedWith: key) else { return .done }
        return await revoke(.session(digest: Self.digest(of: cookie.id), account: cookie.record.accountID))
    }

    public func revokeAll(of accountID: UUID) async -> SessionRevocation { await revoke(.account(accountID)) }

    private func revoke(_ subject: RevocationMemory.Subject) async -> SessionRevocation {
        let now = clock.now
        let forgetAt = now.advanced(by: lifetimes.offline.seconds)
        // Before Redis is told, so that no request in between passes here.
        revocations.withLock { $0.add(subject, at: now, forgetAt: forgetAt, isDeferred: true) }
        memory.withLock { $0.forgetAll() }
        return await inRedis {} == nil ? .deferred : .done
    }

    /// Tells Redis what it missed.
    private func deliverRevocations() async throws {
        for (subject, moment) in revocations.withLock({ $0.deferred }) {
            switch subject {
            case .session(let digest, let account):
                try await commands.revoke(digest: digest, account: account, remember: lifetimes.offline)
            case .account(let account):
                try await commands.revokeAll(of: account, before: moment, remember: lifetimes.offline)
            }
            revocations.withLock { $0.delivered(subject, at: moment) }
        }
    }

    private func isRevokedHere(_ cookie: SessionCookie, _ digest: String) -> Bool {
        revocations.withLock {
            $0.forbids(digest: digest, account: cookie.record.accountID, createdAt: cookie.record.createdAt)
        }
    }

    private func isValidByDatabase(_ cookie: SessionCookie) async -> Bool {
        guard let moment = await validAfter(cookie.record.accountID) else { return true }
        return cookie.record.createdAt >= moment
    }

    // MARK: Helpers

    /// Redis' answer, after it heard of the revocations it missed; nil while it is away.
    private func inRedis<Value>(_ body: () async throws -> Value) async -> Value? {
        do {
            if revocations.withLock({ $0.deferredCount }) > 0 { try await deliverRevocations() }
            let value = try await body()
            log.succeeded("Sessions are confirmed by Redis again")
            return value
        } catch is CancellationError {
            return nil
        } catch {
            log.failed(error, "Sessions are judged by their cookies' signatures while Redis is away")
            return nil
        }
    }

    private static func digest(of id: [UInt8]) -> String { Base64URL.encode(SHA256.digest(of: id)) }

    private func age(of cookie: SessionCookie, _ now: Date) -> Duration {
        .seconds(now.timeIntervalSince(cookie.issuedAt))
    }

    private func expiry(of record: SessionRecord, usedAt: Date) -> Date {
        min(
            usedAt.addingTimeInterval(lifetimes.idle.seconds),
            record.createdAt.addingTimeInterval(lifetimes.absolute.seconds))
    }
}
