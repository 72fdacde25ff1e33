import Conference
import Platform

/// The listeners whose connections are on one loop.
///
/// `@unchecked Sendable`: used on its loop only.
final class LoopListeners: @unchecked Sendable {
    let loop: EventLoop
    private let delivered: Counter
    private var byMeeting: [MeetingID: ContiguousArray<MeetingListener>] = [:]

    init(loop: EventLoop, delivered: Counter) {
        self.loop = loop
        self.delivered = delivered
    }

    func add(_ listener: MeetingListener) {
        loop.preconditionInLoop()
        listener.index = byMeeting[listener.meetingID]?.count ?? 0
        byMeeting[listener.meetingID, default: []].append(listener)
    }

    func remove(_ listener: MeetingListener) {
        loop.preconditionInLoop()
        listener.close()
        let meetingID = listener.meetingID
        byMeeting[meetingID]?.remove(listener)
        if byMeeting[meetingID]?.isEmpty == true { byMeeting[meetingID] = nil }
    }

    func deliver(_ delivery: MeetingEventDelivery) {
        loop.preconditionInLoop()
        guard let listeners = byMeeting[delivery.meetingID] else { return }
        var told = 0
        for listener in listeners where listener.take(delivery) { told += 1 }
        delivered.increment(by: told)
    }

    func reset(_ text: [UInt8]) {
        loop.preconditionInLoop()
        for listeners in byMeeting.values {
            for listener in listeners { listener.reset(text) }
        }
    }
}

extension ContiguousArray<MeetingListener> {
    /// The last one takes its place.
    fileprivate mutating func remove(_ listener: MeetingListener) {
        let index = listener.index
        precondition(self[index] === listener, "a listener's place was lost")
        swapAt(index, count - 1)
        self[index].index = index
        removeLast()
    }
}
