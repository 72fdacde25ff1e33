import Conference
import HTTPServer
import Platform

/// An event as its text and what decides who gets it, made once for all listeners. Nothing but the text is counted by
/// reference, as thousands of listeners on several threads look at it in turn.
struct MeetingEventDelivery: Sendable {
    enum Kind {
        case ordinary, reset, meetingEnded
    }

    let id: MeetingEventID?
    let meetingID: MeetingID
    let kind: Kind
    let audience: MeetingEvent.Audience?
    let concerned: ParticipantID?
    let text: [UInt8]

    init(_ sent: SentMeetingEvent) {
        let event = sent.event
        id = sent.id
        meetingID = event.meetingID
        kind = event.name == .reset ? .reset : event.name == .meetingEnded ? .meetingEnded : .ordinary
        audience = event.reach
        concerned = event.concerned
        text = EventStreamText.event(sent)
    }
}

/// One who listens to a meeting's events.
///
/// Events are held back while it isn't known what they may see: until the stream is open, and again whenever an event says
/// that their standing changed, until that was read from the database. So nobody is told a word too much, and nothing is lost.
///
/// `@unchecked Sendable`: used on its loop only; the constants aside, elsewhere it is merely passed on.
final class MeetingListener: @unchecked Sendable {
    /// Events held back at most; with more the listener is told to read again.
    private static let mostHeld = 256

    let meetingID: MeetingID
    let loop: EventLoop
    private let delivered: Counter
    /// Its place among the loop's listeners of the meeting.
    var index = 0
    /// Reads the listener's standing; throws when they may not listen any more.
    private let standing: @Sendable () async throws -> MeetingStanding
    private var view: MeetingView?
    private var place: MeetingEventID?
    /// Nil while events go out at once.
    private var held: [MeetingEventDelivery]? = []
    private var hasLostHeld = false
    private var connection: EventConnection?
    private var timer: LoopTimer?
    private var check: Task<Void, Never>?

    init(
        meetingID: MeetingID, loop: EventLoop, delivered: Counter,
        standing: @escaping @Sendable () async throws -> MeetingStanding
    ) {
        self.meetingID = meetingID
        self.loop = loop
        self.delivered = delivered
        self.standing = standing
    }

    // MARK: Life

    /// The stream is open: writes how it begins, then what was held back.
    ///
    /// - Parameters:
    ///   - beginning: the first events, `ready` and those that were missed before.
    ///   - place: events up to this one are in there.
    func open(
        on connection: EventConnection, as view: MeetingView, beginning: [[UInt8]],
        place: MeetingEventID?
    ) {
        loop.preconditionInLoop()
        self.connection = connection
        self.place = place
        for event in beginning { connection.write(event) }
        release(as: view)
    }

    /// Nothing is written any more.
    func close() {
        loop.preconditionInLoop()
        connection = nil
        timer?.cancel()
        check?.cancel()
        held = []
    }

    // MARK: Events

    /// - Returns: whether they were told; who is held back may be told later.
    func take(_ delivery: MeetingEventDelivery) -> Bool {
        guard held == nil else {
            hold(delivery)
            return false
        }
        return write(delivery)
    }

    private func hold(_ delivery: MeetingEventDelivery) {
        if let count = held?.count, count >= Self.mostHeld {
            held = []
            hasLostHeld = true
        }
        held?.append(delivery)
    }

    private func write(_ delivery: MeetingEventDelivery) -> Bool {
        guard let connection, let view else { return false }
        if let id = delivery.id {
            if let place, id <= place { return false }
            place = id
        }
        let concernsThem = delivery.concerned.map { $0 == view.participantID } ?? false
        guard view.sees(delivery.audience) else {
            // Another event about the same may be meant for them and on its way.
            if concernsThem { checkStanding(after: .seconds(1)) }
            return false
        }
        connection.write(delivery.text)
        switch delivery.kind {
        case .ordinary: if concernsThem { checkStanding() }
        case .reset: checkStandingSoon()
        case .meetingEnded: end(.meetingEnded)
        }
        return true
    }

    /// Events may have been missed, among them one about this listener.
    func reset(_ text: [UInt8]) {
        connection?.write(text)
        checkStandingSoon()
    }

    // MARK: Standing

    /// Thousands of listeners must not ask the database at the same moment.
    private func checkStandingSoon() { checkStanding(after: .milliseconds(.random(in: 0..<10_000))) }

    private func checkStanding(after delay: Duration) {
        guard timer == nil, connection != nil else { return }
        timer = loop.schedule(after: delay) { [weak self] in
            self?.timer = nil
            self?.checkStanding()
        }
    }

    private func checkStanding() {
        guard connection != nil, held == nil else { return }
        held = []
        check = Task.immediate(executorPreference: loop) { [self] in
            do {
                release(as: MeetingView(try await standing()))
            } catch {
                end(error.isRefusal ? .notInMeeting : .renew)
            }
        }
    }

    private func release(as view: MeetingView) {
        check = nil
        self.view = view
        guard connection != nil else { return }
        if hasLostHeld {
            hasLostHeld = false
            connection?.write(EventStreamText.reset(at: nil, SystemWallClock().now))
        }
        let waiting = held ?? []
        held = nil
        for delivery in waiting where take(delivery) { delivered.increment() }
    }

    private func end(_ reason: StreamEnd) {
        connection?.finish(EventStreamText.end(reason))
        connection = nil
    }
}

extension Error {
    /// Whether they may not listen any more, as opposed to nobody knowing.
    fileprivate var isRefusal: Bool {
        switch self as? ConferenceError {
        case .notInMeeting, .notFound, .forbidden, .notAuthenticated, .meetingEnded: true
        default: false
        }
    }
}
