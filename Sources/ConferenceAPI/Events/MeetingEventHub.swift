import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Brings meetings' events to those who listen on this instance. An event's text is made once; each loop gets it by one job.
public final class MeetingEventHub: MeetingEventReceiving {
    private struct Counts {
        var byMeeting: [MeetingID: Int] = [:]
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
        self.loops = loops.map { LoopListeners(loop: $0) }
        self.metrics = metrics
        listeners = metrics.gauge(
            "meeting_event_listeners", help: "Event streams of meetings that are open.")
        delivered = metrics.counter(
            "meeting_events_delivered_total", help: "Events of meetings that were written to listeners.")
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

    private func onEachLoop(_ body: @escaping @Sendable (LoopListeners) -> Void) {
        for listeners in loops {
            if listeners.loop.isInLoop {
                body(listeners)
            } else {
                listeners.loop.execute { body(listeners) }
            }
        }
    }

    // MARK: Listeners

    /// Adds a listener on the running loop, who hears nothing before it is opened. Every one that was added is removed.
    ///
    /// Throws `tooManyStreams`.
    func add(
        _ person: Person, standing: @escaping @Sendable () async throws -> MeetingStanding
    ) throws -> MeetingListener {
        try counts.withLock { counts in
            guard counts.byPerson[person, default: 0] < Limits.eventStreamsPerPerson,
                counts.byMeeting[person.meetingID, default: 0] < Limits.eventStreamsPerMeeting
            else { throw ConferenceError.tooManyStreams }
            counts.byPerson[person, default: 0] += 1
            counts.byMeeting[person.meetingID, default: 0] += 1
        }
        listeners.increment()
        let home = home
        let listener = MeetingListener(
            meetingID: person.meetingID, loop: home.loop, delivered: delivered, standing: standing)
        if home.loop.isInLoop { home.add(listener) } else { home.loop.execute { home.add(listener) } }
        return listener
    }

    func remove(_ listener: MeetingListener, of person: Person, after end: EventStreamEnd.Reason) {
        counts.withLock { counts in
            counts.byPerson[person] = MeetingEventHub.less(counts.byPerson[person])
            counts.byMeeting[person.meetingID] = MeetingEventHub.less(counts.byMeeting[person.meetingID])
        }
        listeners.decrement()
        metrics.counter(
            "meeting_event_streams_ended_total", help: "Event streams of meetings that ended, by why.",
            labels: ["reason": end.rawValue]
        ).increment()
        for home in loops where home.loop === listener.loop {
            if home.loop.isInLoop {
                home.remove(listener)
            } else {
                home.loop.execute { home.remove(listener) }
            }
        }
    }

    private static func less(_ count: Int?) -> Int? { count.flatMap { $0 > 1 ? $0 - 1 : nil } }

    private var home: LoopListeners { loops.first { $0.loop.isInLoop } ?? loops[0] }
}
