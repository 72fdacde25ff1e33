import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct LoopWaiterTests {
    private struct Late: Error {}

    @Test func givesTheResultGivenBeforeOrAfterWaiting() async throws {
        try await withLoop { loop in
            let results = try await loop.run {
                let early = LoopWaiter<Int>(loop: loop)
                early.finish(.success(1))
                early.finish(.success(2))
                let late = LoopWaiter<Int>(loop: loop)
                loop.execute { late.finish(.success(3)) }
                return [try await early.wait(), try await late.wait(atMost: .seconds(60))]
            }
            #expect(results == [1, 3])
        }
    }

    @Test func endsWithTheTimeout() async throws {
        try await withLoop { loop in
            await #expect(throws: Late.self) {
                try await loop.run {
                    let waiter = LoopWaiter<Int>(loop: loop)
                    defer { #expect(waiter.isFinished) }
                    return try await waiter.wait(atMost: .milliseconds(1), onTimeout: .failure(Late()))
                }
            }
        }
    }

    @Test func cancellationEndsTheWaitAndIsTold() async throws {
        try await withLoop { loop in
            let told = Signal<Bool>()
            let waiting = Signal<Void>()
            let task = Task(executorPreference: loop) {
                let waiter = LoopWaiter<Int>(loop: loop)
                waiting.send(())
                return try await waiter.wait(onCancel: { told.send(loop.isInLoop) })
            }
            await waiting.next()
            task.cancel()
            #expect(await told.next() == true)
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func aTaskCancelledBeforeItWaitsEndsAtOnce() async throws {
        try await withLoop { loop in
            let task = Task(executorPreference: loop) {
                withUnsafeCurrentTask { $0?.cancel() }
                try await loop.sleep(for: .seconds(3600))
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        try await body(loop)
    }
}
