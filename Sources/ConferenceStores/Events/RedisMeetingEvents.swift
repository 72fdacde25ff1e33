import Conference
import FoundationEssentials
import Platform
import Redis

/// Meetings' events through Redis: a stream a meeting keeps the last ones, so that clients can resume, and one channel
/// brings each to all instances. Both happen in one script, so ids and order of arrival agree.
///
/// Redis and not PostgreSQL, because events are worth nothing after a while: they say that something changed, the database
/// says what it is now. A commit and a NOTIFY for each would cost a flush to disk and a lock that all commits share. One channel
/// for all meetings, because events are few and subscribing anew with each meeting would lose some.
///
/// While Redis is away events reach the listeners of this instance. When it is back, listeners are told that they may have
/// missed some: those who listen, and, by a `reset` in the stream, those who resume later.
public final class RedisMeetingEvents: MeetingEventPublishing, MeetingEventReplaying, Service {
    private struct State {
        var isSubscribed = false
        /// Meetings with events that other instances don't know of.
        var unshared: Set<MeetingID> = []
        var subscription: RedisSubscription?
        var task: Task<Void, Never>?
    }

    public let name = "events"
    private let redis: Redis
    private let receiver: any MeetingEventReceiving
    private let loop: EventLoop
    private let clock: any WallClock
    private let log: Logger
    private let fallbackLog: RedisFallbackLog
    private let published: Counter
    private let unshared: Counter
    private let prefix: String
    private let state = Lock(State())

    /// Events that a meeting's stream keeps, and how long after the last one.
    static let kept = 256
    static let keptFor: Duration = .seconds(3600)
    /// Of ``State/unshared``.
    private static let mostUnshared = 10_000

    /// - Parameters:
    ///   - loop: on which events are received.
    ///   - prefix: of the keys and the channel in Redis.
    public init(
        redis: Redis, receiver: any MeetingEventReceiving, loop: EventLoop, clock: any WallClock,
        metrics: MetricsRegistry, prefix: String = "lkc:events:", log: Logger
    ) {
        self.redis = redis
        self.receiver = receiver
        self.loop = loop
        self.clock = clock
        self.prefix = prefix
        self.log = log.with(component: "events")
        fallbackLog = RedisFallbackLog(log: self.log)
        published = metrics.counter("meeting_events_published_total", help: "Events of meetings that were published.")
        unshared = metrics.counter(
            "meeting_events_unshared_total",
            help: "Events of meetings that reached listeners of one instance only, because Redis was away.")
    }

    // MARK: Life

    public func start() async throws {
        let subscription = redis.subscribe([channel])
        let task = Task(executorPreference: loop) { [self] in
            for await event in subscription { await hear(event) }
        }
        state.withLock { state in
            state.subscription = subscription
            state.task = task
        }
    }

    public func stop() async {
        let (subscription, task) = state.withLock { ($0.subscription, $0.task) }
        subscription?.cancel()
        await task?.value
    }

    private func hear(_ event: RedisSubscriptionEvent) async {
        switch event {
        case .active:
            state.withLock { $0.isSubscribed = true }
            await shareGaps()
        case .interrupted:
            state.withLock { $0.isSubscribed = false }
        case .gap:
            state.withLock { $0.isSubscribed = true }
            receiver.mayHaveMissedEvents()
            await shareGaps()
        case .message(_, let payload):
            guard let space = payload.firstIndex(of: UInt8(ascii: " ")),
                let id = MeetingEventID(String(decoding: payload[..<space], as: UTF8.self)),
                let event = MeetingEventRecord.decode(Array(payload[(space + 1)...]))
            else { return log.warning("an event that isn't understood was passed over") }
            receiver.receive(SentMeetingEvent(id: id, event: event))
        }
    }

    // MARK: Publishing

    public func publish(_ event: MeetingEvent) async {
        published.increment()
        // A task of its own: a client that leaves doesn't take back what was stored.
        await Task.immediate(executorPreference: EventLoop.current) { await tell(event) }.value
    }

    private func tell(_ event: MeetingEvent) async {
        do {
            try await share(event)
            fallbackLog.succeeded("Events of meetings are shared through Redis again")
            await shareGaps()
        } catch {
            fallbackLog.failed(error, "Events of meetings reach only this instance's listeners while Redis is away")
            unshared.increment()
            owe(event.meetingID)
            receiver.receive(SentMeetingEvent(id: nil, event: event))
        }
    }

    /// Appends to the meeting's stream and tells all instances. Nobody learns of it when that fails.
    ///
    /// - Throws: ``RedisError``.
    public func share(_ event: MeetingEvent) async throws {
        let reply = try await redis.eval(
            Self.append, keys: [key(event.meetingID)],
            arguments: [
                .bytes(try MeetingEventRecord.encode(event)), .integer(Self.kept),
                .integer(Self.keptFor.wholeMilliseconds), .text(channel),
            ])
        // What comes by the subscription is in order; before there is one, it must come from here.
        guard !state.withLock({ $0.isSubscribed }) else { return }
        receiver.receive(SentMeetingEvent(id: reply.string.flatMap { MeetingEventID($0) }, event: event))
    }

    /// Notes that others don't know of an event of this meeting.
    private func owe(_ meeting: MeetingID) {
        state.withLock { state in
            if state.unshared.count < Self.mostUnshared { state.unshared.insert(meeting) }
        }
    }

    /// Tells the listeners of all instances, and those who resume later, which meetings had events that they can't know of.
    /// Called whenever Redis turns out to be there.
    private func shareGaps() async {
        let meetings = state.withLock { state in
            defer { state.unshared = [] }
            return state.unshared
        }
        for meeting in meetings {
            do {
                try await share(MeetingEvent(.reset, in: meeting, at: clock.now))
            } catch {
                // Redis is away again, or its other connection isn't back yet; the next call goes on.
                owe(meeting)
            }
        }
    }

    // MARK: Replaying

    public func events(of meeting: MeetingID, after place: MeetingEventID?) async throws -> MeetingEventReplay {
        do {
            let reply = try await redis.eval(
                Self.replay, keys: [key(meeting)],
                arguments: [.text(place?.description ?? ""), .integer(Self.keptFor.wholeMilliseconds)])
            guard let parts = reply.array, parts.count == 3, let end = parts[0].string.flatMap({ MeetingEventID($0) }),
                let entries = parts[2].array
            else { throw RedisError.unexpectedReply("the events' script gave \(reply)") }
            let isUnshared = state.withLock { $0.unshared.contains(meeting) }
            await shareGaps()
            return MeetingEventReplay(
                events: entries.compactMap(Self.sent), end: end, isComplete: parts[1] == .integer(1) && !isUnshared)
        } catch let error as RedisError {
            throw ConferenceError.unavailable(service: "event log", cause: error.description)
        }
    }

    /// An entry of a stream; nil for the mark of its beginning.
    private static func sent(_ entry: RedisValue) -> SentMeetingEvent? {
        guard let parts = entry.array, parts.count == 2, let id = parts[0].string.flatMap({ MeetingEventID($0) }),
            let fields = parts[1].array, fields.count == 2, let bytes = fields[1].bytes,
            let event = MeetingEventRecord.decode(bytes)
        else { return nil }
        return SentMeetingEvent(id: id, event: event)
    }

    private var channel: String { prefix + "all" }

    private func key(_ meeting: MeetingID) -> RedisArgument { .text("\(prefix)\(meeting)") }

    private static let append = RedisScript(
        """
        local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'e', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        redis.call('PUBLISH', ARGV[4], id .. ' ' .. ARGV[1])
        return id
        """)

    /// Replies with the last id, whether nothing is missing (1) or not (0), and the entries after the one given. Nothing is
    /// missing if that one is still there, so a stream begins with a mark which the first listener can resume from.
    private static let replay = RedisScript(
        """
        local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
        local complete = ARGV[1] == '' and 1 or 0
        if not last then
            local id = redis.call('XADD', KEYS[1], '*', 'mark', '')
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return {id, complete, {}}
        end
        if complete == 1 or not redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1] then
            return {last[1], complete, {}}
        end
        return {last[1], 1, redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+')}
        """)
}
