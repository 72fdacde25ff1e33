import Platform
import Redis
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisSubscriptionTests {
    private func message(_ channel: String, _ text: String) -> RedisSubscriptionEvent {
        .message(channel: channel, payload: Array(text.utf8))
    }

    @Test func messagesComeInOrderOnceActive() async throws {
        let channel = "test:\(UInt64.random(in: 0 ... .max))"
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let subscription = test.redis.subscribe([channel, channel + ":2"])
            let events = subscription.makeAsyncIterator()
            #expect(await events.next() == .active)
            for number in 0..<100 { try await test.redis.publish(Array("\(number)".utf8), to: channel) }
            try await test.redis.publish([], to: channel + ":2")
            for number in 0..<100 { #expect(await events.next() == message(channel, "\(number)")) }
            #expect(await events.next() == message(channel + ":2", ""))
        }
    }

    @Test func readersOfOneChannelDontDisturbEachOther() async throws {
        let channel = "test:\(UInt64.random(in: 0 ... .max))"
        try await RedisHarness.run(try TestEnvironment.require("TEST_REDIS_URL")) { test async throws in
            let first = test.redis.subscribe([channel])
            let firstEvents = first.makeAsyncIterator()
            #expect(await firstEvents.next() == .active)
            let second = test.redis.subscribe([channel])
            let secondEvents = second.makeAsyncIterator()
            #expect(await secondEvents.next() == .active)
            #expect(try await test.redis.publish(Array("a".utf8), to: channel) == 1)
            // The publisher's answer may overtake the message; both readers are handed it together.
            #expect(await secondEvents.next() == message(channel, "a"))
            first.cancel()
            #expect(await firstEvents.next() == message(channel, "a"))
            #expect(await firstEvents.next() == nil)
            try await test.redis.publish(Array("b".utf8), to: channel)
            #expect(await secondEvents.next() == message(channel, "b"))
        }
    }

    @Test func subscriptionsReturnAfterAKillAndTellOfTheGap() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test async throws in
            await test.untilConnected()
            let subscription = test.redis.subscribe(["news"])
            let events = subscription.makeAsyncIterator()
            #expect(await events.next() == .active)
            unsafeServer.kill()
            #expect(await events.next() == .interrupted)
            try unsafeServer.start()
            #expect(await events.next() == .gap)
            await test.untilConnected()
            try await test.redis.publish(Array("again".utf8), to: "news")
            #expect(await events.next() == message("news", "again"))
        }
    }

    @Test func aFrozenServerInterruptsSubscriptions() async throws {
        let server = try RedisServerProcess()
        try server.start()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url, adjust: { $0.commandTimeout = .milliseconds(500) }) {
            test async throws in
            await test.untilConnected()
            let subscription = test.redis.subscribe(["news"])
            let events = subscription.makeAsyncIterator()
            #expect(await events.next() == .active)
            unsafeServer.freeze()
            #expect(await events.next() == .interrupted)
            unsafeServer.thaw()
            #expect(await events.next() == .gap)
        }
    }

    @Test func aSubscriptionMadeWhileRedisIsAwayBecomesActiveLater() async throws {
        let server = try RedisServerProcess()
        nonisolated(unsafe) let unsafeServer = server
        try await RedisHarness.run(server.url) { test async throws in
            let subscription = test.redis.subscribe(["news"])
            let events = subscription.makeAsyncIterator()
            try unsafeServer.start()
            #expect(await events.next() == .active)
        }
    }

    @Test func stoppingEndsSubscriptions() async throws {
        let url = try TestEnvironment.require("TEST_REDIS_URL")
        let kept = Kept()
        try await RedisHarness.run(url) { test async throws in
            let subscription = test.redis.subscribe(["test:stop"])
            #expect(await subscription.makeAsyncIterator().next() == .active)
            kept.subscription = subscription
            await test.redis.stop()
            #expect(await test.redis.subscribe(["test:late"]).makeAsyncIterator().next() == nil)
        }
        #expect(await kept.subscription?.makeAsyncIterator().next() == nil)
    }
}

private final class Kept: @unchecked Sendable {
    // Written by the test's body, which has ended when it is read.
    var subscription: RedisSubscription?
}
