import Conference
import FoundationEssentials
import Platform
import Redis

/// Who is in which meeting, in Redis: a hash of participants and a sorted set of the moments at which they expire.
public struct RedisPresenceStore: PresenceTracking {
    private let redis: Redis
    private let expiry: Duration
    private let prefix: String

    /// - Parameter expiry: how long an entry lasts that nobody touches.
    public init(redis: Redis, expiry: Duration = .seconds(90), prefix: String = "lkc:presence:") {
        self.redis = redis
        self.expiry = expiry
        self.prefix = prefix
    }

    public func add(_ participant: PresentParticipant, to meetingID: UUID) async throws {
        let value = "\(participant.joinedAt.microseconds) \(participant.displayName)"
        _ = try await run(Self.add, meetingID, [.text(participant.identity), .text(value)])
    }

    @discardableResult
    public func touch(identity: String, in meetingID: UUID) async throws -> Bool {
        try await run(Self.touch, meetingID, [.text(identity)]) == .integer(1)
    }

    @discardableResult
    public func remove(identity: String, from meetingID: UUID) async throws -> Bool {
        try await run(Self.remove, meetingID, [.text(identity)]) == .integer(1)
    }

    public func list(meetingID: UUID) async throws -> [PresentParticipant] {
        let parts = try await run(Self.list, meetingID, []).array ?? []
        let participants = stride(from: 0, to: parts.count - 1, by: 2).compactMap { index in
            participant(identity: parts[index].string, value: parts[index + 1].string)
        }
        return participants.sorted { ($0.joinedAt, $0.identity) < ($1.joinedAt, $1.identity) }
    }

    public func count(meetingID: UUID) async throws -> Int {
        try await run(Self.count, meetingID, []).integer ?? 0
    }

    private func participant(identity: String?, value: String?) -> PresentParticipant? {
        guard let identity, let value, let space = value.firstIndex(of: " "), let joined = Int64(value[..<space]) else {
            return nil
        }
        return PresentParticipant(
            identity: identity, displayName: String(value[value.index(after: space)...]),
            joinedAt: Date(microseconds: joined))
    }

    private func run(
        _ script: RedisScript, _ meetingID: UUID, _ arguments: [RedisArgument]
    ) async throws -> RedisValue {
        let key = "\(prefix)\(meetingID.uuidString)"
        do {
            return try await redis.eval(
                script, keys: [.text(key), .text(key + ":until")],
                arguments: [.integer(expiry.wholeMilliseconds)] + arguments)
        } catch let error as RedisError {
            throw PresenceUnavailable(reason: error.description)
        }
    }

    /// Drops who expired; by the server's clock, so that instances needn't agree on the time.
    private static let sweep = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local expiry = tonumber(ARGV[1])
        local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)
        for _, identity in ipairs(gone) do
            redis.call('HDEL', KEYS[1], identity)
            redis.call('ZREM', KEYS[2], identity)
        end
        local function keep(identity)
            redis.call('ZADD', KEYS[2], now + expiry, identity)
            for _, key in ipairs(KEYS) do
                if redis.call('PTTL', key) < expiry then redis.call('PEXPIRE', key, expiry) end
            end
        end

        """

    private static let add = RedisScript(sweep + "redis.call('HSET', KEYS[1], ARGV[2], ARGV[3]) keep(ARGV[2]) return 1")
    private static let touch = RedisScript(
        sweep + "if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return 0 end keep(ARGV[2]) return 1")
    private static let remove = RedisScript(
        sweep + "redis.call('ZREM', KEYS[2], ARGV[2]) return redis.call('HDEL', KEYS[1], ARGV[2])")
    private static let list = RedisScript(sweep + "return redis.call('HGETALL', KEYS[1])")
    private static let count = RedisScript(sweep + "return redis.call('HLEN', KEYS[1])")
}
