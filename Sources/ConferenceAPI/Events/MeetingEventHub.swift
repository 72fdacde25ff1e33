import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Brings meetings' events to those who listen on this instance. An event's text is made once; each loop gets it by one job.
public final class MeetingEventHub: MeetingEventReceiving {
    private struct Counts {
        /// One count a loop.
        var byMeeting: [MeetingID: [Int]] = [:]
        var byPerson: [Person: Int] = [:]
    }

    /// Who listens to what: a participant or, from outside of the meeting, an account.
    struct Person: Hashable {
        let meetingID: MeetingID
        let id: UUID
    }

    private let loops: [LoopListeners]
    private let counts = Lock(Counts())
    private let listeners: Gauge
    private let delivered: Counter
    private let metrics: MetricsRegistry

    /// - Parameter loops: those of the HTTP server.
    public init(loops: [EventLoop], metrics: MetricsRegistry) {
        precondition(!loops.isEmpty, "events need an event loop")
        self.metrics = metrics
        listeners = metrics.gauge(
            "meeting_event_listeners", help: "Event streams of meetings that are open.")
        delivered = metrics.counter(
            "meeting_events_delivered_total", help: "Events of meetings that were written to listeners.")
        self.loops = loops.map { [delivered] loop in LoopListeners(loop: loop, delivered: delivered) }
    }

    // MARK: Events

    public func receive(_ sent: SentMeetingEvent) {
        guard counts.withLock({ $0.byMeeting[sent.event.meetingID] != nil }) else { return }
        let delivery = MeetingEventDelivery(sent)
        onEachLoop { $0.deliver(delivery) }
    }

    public func mayHaveMissedEvents() {
        let text = EventStreamText.reset(at: nil, SystemWallClock().now)
        onEachLoop { $0.reset(text) }
    }

    /// The running loop comes last, so that the others work meanwhile.
    private func onEachLoop(_ body: @escaping @Sendable (LoopListeners) -> Void) {
        for listeners in loops where !listeners.loop.isInLoop { listeners.loop.execute { body(listeners) } }
        for listeners in loops where listeners.loop.isInLoop { body(listeners) }
    }

    // MARK: Listeners

    /// Adds a listener on the loop that has the fewest of the meeting, who hears nothing before it is opened. Every one that was
    /// added is removed.
    ///
    /// Throws `tooManyStreams`.
    func add(
        _ person: Person, standing: @escaping @Sendable () async throws -> MeetingStanding
    ) async throws -> MeetingListener {
        let home = loops[try takePlace(for: person)]
        listeners.increment()
        let listener = MeetingListener(
            meetingID: person.meetingID, loop: home.loop, delivered: delivered, standing: standing)
        // Only when it is there may be read what was before.
        if home.loop.isInLoop { home.add(listener) } else { await home.loop.run { home.add(listener) } }
        return listener
    }

    /// - Returns: the loop's place among the loops.
    private func takePlace(for person: Person) throws -> Int {
        let running = loops.firstIndex { $0.loop.isInLoop }
        return try counts.withLock { counts in
            var ofMeeting = counts.byMeeting[person.meetingID] ?? Array(repeating: 0, count: loops.count)
            guard counts.byPerson[person, default: 0] < Limits.eventStreamsPerPerson,
                ofMeeting.reduce(0, +) < Limits.eventStreamsPerMeeting
            else { throw ConferenceError.tooManyStreams }
            let fewest = ofMeeting.min()
            let index =
                running.flatMap { ofMeeting[$0] == fewest ? $0 : nil } ?? ofMeeting.firstIndex { $0 == fewest } ?? 0
            ofMeeting[index] += 1
            counts.byMeeting[person.meetingID] = ofMeeting
            counts.byPerson[person, default: 0] += 1
            return index
        }
    }

    func remove(_ listener: MeetingListener, of person: Person, after end: EventStreamEnd.Reason) {
        guard let index = loops.firstIndex(where: { $0.loop === listener.loop }) else { return }
        counts.withLock { counts in
            counts.byPerson[person] = counts.byPerson[person].flatMap { $0 > 1 ? $0 - 1 : nil }
            counts.byMeeting[person.meetingID]?[index] -= 1
            if counts.byMeeting[person.meetingID]?.allSatisfy({ $0 == 0 }) == true {
                counts.byMeeting[person.meetingID] = nil
            }
        }
        listeners.decrement()
        metrics.counter(
            "meeting_event_streams_ended_total", help: "Event streams of meetings that ended, by why.",
            labels: ["reason": end.rawValue]
        ).increment()
        let home = loops[index]
        if home.loop.isInLoop { home.remove(listener) } else { home.loop.execute { home.remove(listener) } }
    }
}
