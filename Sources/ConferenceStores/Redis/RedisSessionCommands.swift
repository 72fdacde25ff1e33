import FoundationEssentials
import Redis

/// What is asked of Redis for sessions, and the keys:
///
/// - `…:<digest>`: the record, expiring with the session
/// - `…of:<account>`: a sorted set of the account's digests by expiry
/// - `…void:<digest>`, `…voidof:<account>`: revocations, kept as long as a cookie made without Redis could return
///
/// Every revocation is published on `…:revoked`, so that instances that remember sessions forget them.
struct RedisSessionCommands: Sendable {
    let redis: Redis
    let prefix: String

    /// Where revocations are published. What is published carries nothing: a reader forgets all that it remembers.
    var channel: String { "\(prefix):revoked" }

    private func sessionKey(_ digest: String) -> RedisArgument { .text("\(prefix):\(digest)") }
    private func indexKey(_ account: UUID) -> RedisArgument { .text("\(prefix)of:\(account.uuidString)") }
    private func voidKey(_ digest: String) -> RedisArgument { .text("\(prefix)void:\(digest)") }
    private func voidKey(_ account: UUID) -> RedisArgument { .text("\(prefix)voidof:\(account.uuidString)") }

    /// Writes a session unless it was revoked; false then.
    func store(_ record: SessionRecord, digest: String, expiresAt: Date, now: Date) async throws -> Bool {
        let reply = try await redis.eval(
            Self.store,
            keys: [sessionKey(digest), indexKey(record.accountID), voidKey(digest), voidKey(record.accountID)],
            arguments: [
                .bytes(record.encoded), .text(digest), milliseconds(from: now, to: expiresAt),
                .integer(Int(expiresAt.microseconds)), .integer(Int(now.microseconds)),
                .integer(Int(record.createdAt.microseconds)),
            ])
        return reply == .integer(1)
    }

    /// The session's record, or nil.
    func read(digest: String) async throws -> SessionRecord? {
        record(in: try await redis.send(["GET", sessionKey(digest)]))
    }

    /// The same, and moves the session's expiry on.
    func renew(digest: String, account: UUID, expiresAt: Date, now: Date) async throws -> SessionRecord? {
        let reply = try await redis.eval(
            Self.renew, keys: [sessionKey(digest), indexKey(account)],
            arguments: [
                .text(digest), milliseconds(from: now, to: expiresAt), .integer(Int(expiresAt.microseconds)),
            ])
        return record(in: reply)
    }

    func revoke(digest: String, account: UUID, remember: Duration) async throws {
        _ = try await redis.eval(
            Self.revoke, keys: [sessionKey(digest), indexKey(account), voidKey(digest)],
            arguments: [.text(digest), .integer(remember.wholeMilliseconds), .text(channel)])
    }

    /// Revokes the account's sessions begun before the moment, and those that cookies could still bring.
    func revokeAll(of account: UUID, before moment: Date, remember: Duration) async throws {
        _ = try await redis.eval(
            Self.revokeAll, keys: [indexKey(account), voidKey(account)],
            arguments: [
                .text("\(prefix):"), .integer(Int(moment.microseconds)), .integer(remember.wholeMilliseconds),
                .text(channel),
            ])
    }

    private func record(in reply: RedisValue) -> SessionRecord? { reply.bytes.flatMap { SessionRecord($0[...]) } }

    private func milliseconds(from now: Date, to later: Date) -> RedisArgument {
        .integer(max(1, Int(later.timeIntervalSince(now) * 1000)))
    }

    private static let store = RedisScript(
        """
        if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
        local void = redis.call('GET', KEYS[4])
        if void and tonumber(ARGV[6]) < tonumber(void) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[5])
        redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
        if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
        return 1
        """)

    private static let renew = RedisScript(
        """
        local record = redis.call('GET', KEYS[1])
        if not record then return false end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
        if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
        return record
        """)

    /// Deletes first: that works even when Redis has no memory left for what is written. An account of Redis that may not
    /// publish may still revoke: instances then don't get to subscribe either, and remember nothing.
    private static let revoke = RedisScript(
        """
        redis.call('ZREM', KEYS[2], ARGV[1])
        local ended = redis.call('DEL', KEYS[1])
        redis.pcall('PUBLISH', ARGV[3], '')
        redis.call('SET', KEYS[3], '', 'PX', ARGV[2])
        return ended
        """)

    /// The record's creation stands in its bytes 18 to 25, see ``SessionRecord``.
    private static let revokeAll = RedisScript(
        """
        local moment = tonumber(ARGV[2])
        local ended = 0
        for _, digest in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
            local key = ARGV[1] .. digest
            local record = redis.call('GET', key)
            local created = 0
            if record then
                for position = 18, 25 do created = created * 256 + string.byte(record, position) end
            end
            if created < moment then
                redis.call('DEL', key)
                redis.call('ZREM', KEYS[1], digest)
                ended = ended + 1
            end
        end
        redis.pcall('PUBLISH', ARGV[4], '')
        local before = tonumber(redis.call('GET', KEYS[2]) or 0)
        redis.call('SET', KEYS[2], string.format('%.0f', math.max(moment, before)), 'PX', ARGV[3])
        return ended
        """)
}

extension Duration {
    var wholeMilliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
