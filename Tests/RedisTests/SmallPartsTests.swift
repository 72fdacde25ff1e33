import Testing

@testable import Redis

@Suite struct QueueTests {
    @Test func elementsLeaveInTheOrderTheyCame() {
        var queue = Queue<Int>()
        var next = 0
        var expected = 0
        for round in 0..<200 {
            for _ in 0..<(round % 23) {
                queue.append(next)
                next += 1
            }
            for _ in 0..<(round % 19) where !queue.isEmpty {
                #expect(queue.first == expected)
                #expect(queue.popFirst() == expected)
                expected += 1
            }
            #expect(queue.count == next - expected)
        }
    }
}

@Suite struct BackoffTests {
    @Test func pausesDoubleUpToHalfASecond() {
        var backoff = Backoff()
        let pauses = (0..<8).map { _ in backoff.pause(random: 0) }
        #expect(pauses == [20, 40, 80, 160, 320, 500, 500, 500].map { .milliseconds($0) })
        backoff.reset()
        #expect(backoff.pause(random: 1) == .milliseconds(10))
    }
}

@Suite struct RedisScriptTests {
    @Test func theDigestIsTheServersOwn() {
        // redis-cli SCRIPT LOAD "return 1"
        #expect(RedisScript("return 1").digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }
}

@Suite struct SubscriptionFeedTests {
    private func message(_ number: Int) -> RedisSubscriptionEvent {
        .message(channel: "c", payload: Array("\(number)".utf8))
    }

    @Test func aReaderThatIsTooSlowIsToldOfTheGap() async {
        let feed = SubscriptionFeed(capacity: 3)
        for number in 1...4 { feed.push(message(number)) }
        #expect(await feed.next() == .gap)
        #expect(await feed.next() == message(4))
    }

    @Test func theEndComesAfterWhatWasReceived() async {
        let feed = SubscriptionFeed()
        feed.push(.active)
        feed.finish()
        feed.push(message(1))
        #expect(await feed.next() == .active)
        #expect(await feed.next() == nil)
    }

    @Test func aCancelledReaderStops() async {
        let feed = SubscriptionFeed()
        let reader = Task { await feed.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}
