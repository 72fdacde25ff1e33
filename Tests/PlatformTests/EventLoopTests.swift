import CLinux
import Glibc
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test func timersFireInOrderOfTheirDeadlines() async throws {
        try await withLoop { loop in
            let fired = Signal<Int>()
            await loop.run {
                for (number, delay) in [(3, 30), (1, 10), (2, 20), (0, 0)] {
                    loop.schedule(after: .milliseconds(delay)) { fired.send(number) }
                }
            }
            for expected in 0...3 { #expect(await fired.next() == expected) }
        }
    }

    @Test func aCancelledTimerNeverFires() async throws {
        try await withLoop { loop in
            let fired = Signal<String>()
            await loop.run {
                let timer = loop.schedule(after: .milliseconds(1)) { fired.send("cancelled") }
                loop.schedule(after: .milliseconds(10)) { fired.send("other") }
                timer.cancel()
            }
            #expect(await fired.next() == "other")
        }
    }

    @Test func timersStayOrderedWhenManyAreCancelled() {
        var heap = TimerHeap()
        let order = Lock<[Int]>([])
        let start = MonotonicTime(nanoseconds: 0)
        var timers: [LoopTimer] = []
        for index in 0..<5000 {
            let delay = (index * 7919) % 5000
            let timer = LoopTimer(deadline: start.advanced(by: .nanoseconds(delay))) {
                order.withLock { $0.append(delay) }
            }
            timers.append(timer)
            heap.insert(timer)
            if index % 3 != 0 { timer.cancel() }
        }
        while let timer = heap.popDue(now: start.advanced(by: .seconds(1))) { timer.fire() }
        let fired = order.withLock { $0 }
        #expect(fired.count == 1667)
        #expect(fired == fired.sorted())
    }

    @Test func closuresOfOneThreadRunInTheirOrder() async throws {
        try await withLoop { loop in
            let ran = Signal<Int>()
            for number in 0..<1000 { loop.execute { ran.send(number) } }
            for expected in 0..<1000 { #expect(await ran.next() == expected) }
        }
    }

    @Test func nothingIsLostWhenManyThreadsEnqueue() async throws {
        try await withLoop { loop in
            let count = Counter()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<1000 {
                            await loop.run { if loop.isInLoop { count.increment() } }
                        }
                    }
                }
            }
            #expect(count.value == 8000)
        }
    }

    @Test func readinessIsReportedUntilUnwatched() async throws {
        try await withLoop { loop in
            let pipe = try Pipe()
            let ready = Signal<Readiness>()
            try await loop.run {
                try loop.watch(pipe.readEnd, for: .read) { readiness in
                    loop.unwatch(pipe.readEnd)
                    ready.send(readiness)
                }
            }
            #expect(write(pipe.writeEnd, "x", 1) == 1)
            #expect(await ready.next()?.contains(.read) == true)
            try await loop.run {
                try loop.watch(pipe.readEnd, for: []) { _ in ready.send([]) }
                try loop.rewatch(pipe.readEnd, for: .read)
            }
            #expect(await ready.next() == [])
            await loop.run { loop.unwatch(pipe.readEnd) }
        }
    }

    /// Two descriptors are ready in the same turn; the first handler ends the other's watch and reuses its number.
    @Test func eventsOfAnEndedWatchAreDropped() async throws {
        try await withLoop { loop in
            let pipes = [try Pipe(), try Pipe()]
            for pipe in pipes { #expect(write(pipe.writeEnd, "x", 1) == 1) }
            let handled = Signal<Int>()
            try await loop.run {
                for (index, pipe) in pipes.enumerated() {
                    try loop.watch(pipe.readEnd, for: .read) { _ in
                        for pipe in pipes { loop.unwatch(pipe.readEnd) }
                        // The other event of this turn must not reach the new watch of the same number.
                        let other = pipes[1 - index].readEnd
                        try? loop.watch(other, for: .peerClosed) { _ in handled.send(99) }
                        loop.execute { handled.send(index) }
                    }
                }
            }
            let first = await handled.next()
            #expect(first == 0 || first == 1)
            await loop.run { for pipe in pipes { loop.unwatch(pipe.readEnd) } }
            handled.send(-1)
            #expect(await handled.next() == -1)
        }
    }

    @Test func watchingAClosedDescriptorFails() async throws {
        try await withLoop { loop in
            let error = await loop.run { () -> SystemError? in
                do throws(SystemError) {
                    try loop.watch(1_000_000, for: .read) { _ in }
                    return nil
                } catch {
                    return error
                }
            }
            #expect(error?.code == EBADF)
        }
    }

    @Test func tasksThatPreferTheLoopStayOnItsThread() async throws {
        try await withLoop { loop in
            let places = await Task(executorPreference: loop) { () -> [Bool] in
                var places = [loop.isInLoop]
                await Task.yield()
                places.append(loop.isInLoop)
                try? await loop.sleep(for: .milliseconds(1))
                places.append(loop.isInLoop)
                async let child = { loop.isInLoop }()
                places.append(await child)
                places.append(await nonisolatedPlace() === loop)
                return places
            }.value
            #expect(places == [true, true, true, true, true])
            #expect(EventLoop.current == nil)
        }
    }

    @Test func stopEndsTheThreadAndReleasesTheLoop() async throws {
        weak var released: EventLoop?
        do {
            let loop = try EventLoop(name: "short")
            released = loop
            try loop.start()
            loop.stop()
            loop.stop()
        }
        #expect(released == nil)
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        try await body(loop)
    }
}

private func nonisolatedPlace() async -> EventLoop? { EventLoop.current }
