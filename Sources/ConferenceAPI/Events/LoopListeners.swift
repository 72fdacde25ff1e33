import Conference
import Platform

/// The listeners whose connections are on one loop.
///
/// `@unchecked Sendable`: used on its loop only.
final class LoopListeners: @unchecked Sendable {
    let loop: EventLoop
    private var byMeeting: [MeetingID: [ObjectIdentifier: MeetingListener]] = [:]

    init(loop: EventLoop) { self.loop = loop }

    func add(_ listener: MeetingListener) {
        loop.preconditionInLoop()
        byMeeting[listener.meetingID, default: [:]][ObjectIdentifier(listener)] = listener
    }

    func remove(_ listener: MeetingListener) {
        loop.preconditionInLoop()
        listener.close()
        byMeeting[listener.meetingID]?[ObjectIdentifier(listener)] = nil
        if byMeeting[listener.meetingID]?.isEmpty == true { byMeeting[listener.meetingID] = nil }
    }

    func deliver(_ delivery: MeetingEventDelivery) {
        loop.preconditionInLoop()
        guard let listeners = byMeeting[delivery.sent.event.meetingID] else { return }
        for listener in listeners.values { listener.take(delivery) }
    }

    func reset(_ text: [UInt8]) {
        loop.preconditionInLoop()
        for listeners in byMeeting.values {
            for listener in listeners.values { listener.reset(text) }
        }
    }
}
