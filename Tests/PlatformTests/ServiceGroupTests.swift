import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct ServiceGroupTests {
    @Test func startsInOrderAndStopsInReverse() async throws {
        let journal = Journal()
        let group = ServiceGroup(
            ["a", "b", "c"].map { Recorded(name: $0, journal: journal) }, stopLimit: .seconds(30), log: quietLog())
        try await group.start()
        await group.stop()
        await group.stop()
        #expect(journal.entries == ["start a", "start b", "start c", "stop c", "stop b", "stop a"])
    }

    @Test func aFailedStartStopsWhatWasStarted() async throws {
        let journal = Journal()
        let services = [
            Recorded(name: "a", journal: journal), Recorded(name: "b", journal: journal, fails: true),
            Recorded(name: "c", journal: journal),
        ]
        let group = ServiceGroup(services, stopLimit: .seconds(30), log: quietLog())
        let error = await #expect(throws: ServiceStartError.self) { try await group.start() }
        #expect(error?.service == "b")
        #expect(journal.entries == ["start a", "start b", "stop a"])
    }

    @Test func aServiceThatNeverStopsIsLeftBehind() async throws {
        let journal = Journal()
        let sink = CollectingSink()
        let hanging = Hanging()
        let group = ServiceGroup(
            [Recorded(name: "a", journal: journal), hanging], stopLimit: .milliseconds(20),
            log: Logger(component: "test", sink: sink))
        try await group.start()
        await group.stop()
        #expect(journal.entries == ["start a", "stop a"])
        #expect(sink.messages == ["service did not stop in time and is left behind"])
        hanging.release.send(())
    }

    private func quietLog() -> Logger { Logger(component: "test", sink: CollectingSink()) }
}

private final class Journal: Sendable {
    private let written = Lock<[String]>([])

    var entries: [String] { written.withLock { $0 } }
    func write(_ entry: String) { written.withLock { $0.append(entry) } }
}

private struct Recorded: Service {
    struct Failure: Error {}

    let name: String
    let journal: Journal
    var fails = false

    func start() async throws {
        journal.write("start \(name)")
        if fails { throw Failure() }
    }

    func stop() async { journal.write("stop \(name)") }
}

/// A service whose stop waits for the test, whatever is cancelled.
private struct Hanging: Service {
    let name = "hanging"
    let release = Signal<Void>()

    func start() async throws {}
    func stop() async {
        let release = release
        await Task.detached { await release.next() }.value
    }
}
