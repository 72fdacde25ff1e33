import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Redis
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisMeetingEventsTests {
    @Test func eachInstanceGetsEachEventWithTheSameID() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let (first, heardByFirst) = try await instance(test)
            let (second, heardBySecond) = try await instance(test, prefix: first.prefix)
            let meeting = MeetingID(UUID())
            let event = MeetingEvent(
                MeetingEvent.Name(rawValue: "test.said"), in: meeting, to: .participant(ParticipantID(UUID())),
                at: Date(timeIntervalSince1970: 1_772_355_600.25),
                data: [
                    "text": .string("grüß\ndich"), "count": .integer(3), "on": .bool(true), "none": .null,
                    "list": .strings(["a", "b"]),
                ])
            await first.events.publish(event)
            await second.events.publish(MeetingEvent(.meetingEnded, in: meeting, to: .hosts, at: event.at))
            let one = await heardByFirst.next()
            #expect(one.sent?.event == event)
            #expect(await heardBySecond.next() == one)
            let two = await heardByFirst.next()
            #expect(await heardBySecond.next() == two)
            #expect(try #require(one.sent?.id) < #require(two.sent?.id))
            await first.events.stop()
            await second.events.stop()
        }
    }

    @Test func replaysWhatFollowedAPlaceAndSaysWhenThatIsNotAll() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let (instance, _) = try await instance(test)
            let meeting = MeetingID(UUID())
            let start = try await instance.events.events(of: meeting, after: nil)
            #expect(start.events == [] && start.isComplete)
            for number in 0..<3 { await instance.events.publish(numbered(number, meeting)) }
            let all = try await instance.events.events(of: meeting, after: start.end)
            #expect(all.events.map(\.event) == (0..<3).map { numbered($0, meeting) })
            #expect(all.isComplete)
            let rest = try await instance.events.events(of: meeting, after: all.events[1].id)
            #expect(rest.events.map(\.event) == [numbered(2, meeting)])
            #expect(rest.end == all.end)
            let unknown = try await instance.events.events(
                of: meeting, after: MeetingEventID(milliseconds: 1, sequence: 0))
            #expect(unknown.events == [] && !unknown.isComplete && unknown.end == all.end)

            for number in 0..<256 { await instance.events.publish(numbered(number, meeting)) }
            let missed = try await instance.events.events(of: meeting, after: all.end)
            #expect(!missed.isComplete, "its place was pushed out by those that followed")
            let other = try await instance.events.events(of: MeetingID(UUID()), after: all.end)
            #expect(!other.isComplete, "a stream that is gone is no complete one")
            await instance.events.stop()
        }
    }

    @Test func withoutRedisTheInstanceHearsItselfAndAllAreToldAfterwards() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test async throws in
            await test.untilConnected()
            let (instance, heard) = try await instance(test)
            let meeting = MeetingID(UUID())
            let start = try await instance.events.events(of: meeting, after: nil)
            unsafeServer.kill()
            await test.untilAway()
            await instance.events.publish(numbered(1, meeting))
            await instance.events.publish(numbered(2, meeting))
            #expect(await heard.next().sent == SentMeetingEvent(id: nil, event: numbered(1, meeting)))
            #expect(await heard.next().sent == SentMeetingEvent(id: nil, event: numbered(2, meeting)))
            await #expect(throws: ConferenceError.self) { try await instance.events.events(of: meeting, after: nil) }
            try unsafeServer.start()
            #expect(await heard.next() == .mayHaveMissed)
            await test.untilConnected()
            _ = try await instance.events.events(of: meeting, after: start.end)
            let reset = await heard.next()
            #expect(reset.sent?.event.name == .reset && reset.sent?.event.meetingID == meeting)
            #expect(try await !instance.events.events(of: meeting, after: start.end).isComplete)
            await instance.events.publish(numbered(3, meeting))
            #expect(await heard.next().sent?.event == numbered(3, meeting))
            let away = "Events of meetings reach only this instance's listeners while Redis is away"
            #expect(instance.sink.entries.filter { "\($0.message)" == away }.count == 1)
            await instance.events.stop()
        }
    }

    @Test func whoSharesAnEventIsToldThatNobodyLearnsOfItWithoutRedis() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test async throws in
            await test.untilConnected()
            let (instance, heard) = try await instance(test)
            let meeting = MeetingID(UUID())
            let update = MeetingEvent.update(inMinutes: 5, of: meeting, at: Date(timeIntervalSince1970: 1_772_355_600))
            try await instance.events.share(update)
            let sent = await heard.next().sent
            #expect(sent?.event == update && sent?.id != nil)
            #expect(update.data == ["minutes": .integer(5)] && update.audience == .everyone)
            unsafeServer.kill()
            await test.untilAway()
            await #expect(throws: RedisError.self) { try await instance.events.share(update) }
            await instance.events.stop()
        }
    }

    @Test func aPublisherWhoseClientLeftIsNotInterrupted() async throws {
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let (instance, heard) = try await instance(test)
            let meeting = MeetingID(UUID())
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await instance.events.publish(numbered(7, meeting))
            }
            await task.value
            let sent = await heard.next().sent
            #expect(sent?.event == numbered(7, meeting))
            #expect(sent?.id != nil)
            await instance.events.stop()
        }
    }

    private func numbered(_ number: Int, _ meeting: MeetingID) -> MeetingEvent {
        MeetingEvent(
            MeetingEvent.Name(rawValue: "test.numbered"), in: meeting, at: Date(timeIntervalSince1970: 1_772_355_600),
            data: ["number": .integer(number)])
    }

    private struct Instance {
        let events: RedisMeetingEvents
        let prefix: String
        let sink: CollectingSink
    }

    /// One instance's events, once they are subscribed.
    private func instance(_ test: RedisHarness, prefix: String? = nil) async throws -> (Instance, HeardEvents) {
        let prefix = prefix ?? "test:events:\(UInt64.random(in: 0 ... .max)):"
        let heard = HeardEvents()
        let sink = CollectingSink()
        let events = RedisMeetingEvents(
            redis: test.redis, receiver: heard, loop: test.loop, clock: SystemWallClock(), metrics: MetricsRegistry(),
            prefix: prefix, log: Logger(component: "test", sink: sink))
        try await events.start()
        try await eventually("the subscription") { try await isSubscribed(test.redis, "\(prefix)all") }
        return (Instance(events: events, prefix: prefix, sink: sink), heard)
    }

    private func isSubscribed(_ redis: Redis, _ channel: String) async throws -> Bool {
        try await redis.send(["PUBSUB", "NUMSUB", .text(channel)]).array?.last?.integer ?? 0 > 0
    }
}

/// Remembers what a receiver is told, for one reader.
private final class HeardEvents: MeetingEventReceiving {
    enum Item: Equatable {
        case event(SentMeetingEvent)
        case mayHaveMissed

        var sent: SentMeetingEvent? {
            if case .event(let sent) = self { sent } else { nil }
        }
    }

    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func receive(_ sent: SentMeetingEvent) { continuation.yield(.event(sent)) }
    func mayHaveMissedEvents() { continuation.yield(.mayHaveMissed) }

    func next() async -> Item {
        for await item in stream { return item }
        preconditionFailure("the stream never ends")
    }
}
