import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Testing

/// Many changes become few announcements, and the last one is never lost. Pure: needs no service.
@Suite struct WhiteboardAnnouncerTests {
    /// Publishes into memory; each pause lasts until the test ends it.
    final class Stage: MeetingEventPublishing, Sendable {
        let published = AsyncStream.makeStream(of: Int.self)
        let pauses = AsyncStream.makeStream(of: CheckedContinuation<Void, Never>.self)

        func publish(_ event: MeetingEvent) async {
            if case .integer(let revision)? = event.data["revision"] { published.continuation.yield(revision) }
        }
    }

    @Test func coalescesWhatChangesDuringAPause() async throws {
        let stage = Stage()
        let announcer = WhiteboardAnnouncer(events: stage) { _ in
            await withCheckedContinuation { _ = stage.pauses.continuation.yield($0) }
        }
        let ids = UUIDv7Generator()
        let (board, meeting) = (WhiteboardID(ids.next()), MeetingID(ids.next()))
        var published = stage.published.stream.makeAsyncIterator()
        var pauses = stage.pauses.stream.makeAsyncIterator()

        announcer.changed(board, in: meeting, revision: 1)
        #expect(await published.next() == 1)
        let first = await pauses.next()
        for revision in [2, 5, 3, 4] { announcer.changed(board, in: meeting, revision: revision) }
        first?.resume()
        #expect(await published.next() == 5)
        let second = await pauses.next()
        announcer.changed(board, in: meeting, revision: 6)
        second?.resume()
        #expect(await published.next() == 6)
        await pauses.next()?.resume()
        await announcer.stop()
        announcer.changed(board, in: meeting, revision: 7)
        stage.published.continuation.finish()
        #expect(await published.next() == nil)
    }
}
