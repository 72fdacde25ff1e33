import Glibc
import Synchronization
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct WatchdogFeederTests {
    private let sink = CollectingSink()

    @Test func feedsWhileLoopsAnswerAndTheCheckPasses() async throws {
        try await withLoops { loops in
            let fed = Signal<Void>()
            let feeder = WatchdogFeeder(interval: .milliseconds(300), loops: loops, log: log, feed: { fed.send(()) }) {}
            try await feeder.start()
            await fed.next()
            await fed.next()
            await feeder.stop()
        }
    }

    @Test func aFailingCheckIsNotFedAndLogged() async throws {
        struct Broken: Error {}
        try await withLoops { loops in
            let checked = Signal<Void>()
            let feeder = WatchdogFeeder(
                interval: .milliseconds(300), loops: loops, log: log, feed: { Issue.record("was fed") }
            ) {
                checked.send(())
                throw Broken()
            }
            try await feeder.start()
            await checked.next()
            await checked.next()
            await feeder.stop()
            #expect(sink.entries.contains { $0.fields["reason"] == "Broken()" })
        }
    }

    @Test func aBlockedLoopIsNotFedAndNamed() async throws {
        try await withLoops { loops in
            let blocked = ThreadGate()
            loops[1].execute { blocked.wait() }
            let logged = Signal<LogEntry>()
            let feeder = WatchdogFeeder(
                interval: .seconds(3), loops: loops, log: Logger(component: "test", sink: Forwarding(to: logged)),
                feed: { Issue.record("was fed") }
            ) {}
            try await feeder.start()
            #expect(await logged.next()?.fields["reason"] == "event loop second did not answer")
            await feeder.stop()
            blocked.signal()
        }
    }

    @Test func aHangingCheckIsNotFed() async throws {
        try await withLoops { loops in
            let logged = Signal<LogEntry>()
            let feeder = WatchdogFeeder(
                interval: .seconds(3), loops: loops, log: Logger(component: "test", sink: Forwarding(to: logged)),
                feed: { Issue.record("was fed") }
            ) {
                try await loops[0].sleep(for: .seconds(3600))
            }
            try await feeder.start()
            #expect(await logged.next()?.fields["reason"] == "the check of the request path did not end")
            await feeder.stop()
        }
    }

    private var log: Logger { Logger(component: "test", sink: sink) }

    private func withLoops(_ body: ([EventLoop]) async throws -> Void) async throws {
        let loops = [try EventLoop(name: "first"), try EventLoop(name: "second")]
        for loop in loops { try loop.start() }
        try await body(loops)
        for loop in loops { loop.stop() }
    }
}

private struct Forwarding: LogSink {
    let signal: Signal<LogEntry>

    init(to signal: Signal<LogEntry>) { self.signal = signal }
    func write(_ entry: LogEntry) { signal.send(entry) }
}
