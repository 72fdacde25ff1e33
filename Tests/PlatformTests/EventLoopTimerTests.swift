import Platform
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EventLoopTimerTests {
    @Test func firingTimerMaySetAndCancelOthers() async throws {
        let loop = try EventLoop(name: "timers")
        try loop.start()
        defer { loop.stop() }
        await loop.run {
            let waiter = LoopWaiter<String>(loop: loop)
            let never = loop.schedule(after: .seconds(30)) { waiter.finish(.success("cancelled timer fired")) }
            loop.schedule(after: .zero) {
                never.cancel()
                loop.schedule(after: .zero) { waiter.finish(.success("second")) }
            }
            let outcome = try? await waiter.wait()
            #expect(outcome == "second")
        }
    }
}
