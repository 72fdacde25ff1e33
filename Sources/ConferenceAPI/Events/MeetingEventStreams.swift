import Conference
import HTTPServer
import Platform

/// Opens meetings' events as streams for those who may listen.
public struct MeetingEventStreams: Sendable {
    private let hub: MeetingEventHub
    private let log: any MeetingEventReplaying
    private let access: MeetingAccess
    private let clock: any WallClock

    public init(
        hub: MeetingEventHub, log: any MeetingEventReplaying, access: MeetingAccess,
        clock: any WallClock
    ) {
        self.hub = hub
        self.log = log
        self.access = access
        self.clock = clock
    }

    /// Until a client comes back after a loss: not all at the same moment.
    private static var retry: Duration { .milliseconds(.random(in: 1000..<4000)) }

    /// - Parameters:
    ///   - lastEventID: what the client has, to go on from there.
    ///   - life: how long the stream lasts at most.
    /// - Throws: what `MeetingAccess` throws; `meetingEnded`, `tooManyStreams`.
    func open(
        for caller: MeetingCaller, in meetingID: MeetingID, after lastEventID: String?, life: Duration
    ) async throws -> EventStream {
        guard let id = caller.claim?.participantID.uuid ?? caller.principal?.accountID.uuid else {
            throw ConferenceError.notAuthenticated
        }
        let person = MeetingEventHub.Person(meetingID: meetingID, id: id)
        // Listens first and reads then, so that nothing is missed in between.
        let listener = try await hub.add(person) { [access] in
            try await access.standing(of: caller, in: meetingID)
        }
        do {
            let standing = try await access.standing(of: caller, in: meetingID)
            guard standing.meeting.state != .ended else { throw ConferenceError.meetingEnded }
            let view = MeetingView(standing)
            let (beginning, place) = await beginning(for: view, in: meetingID, after: lastEventID)
            let stream = EventStream(
                heartbeat: EventStreamText.heartbeat, farewell: EventStreamText.end(.renew),
                longestLife: life, on: listener.loop
            ) { connection in
                listener.open(on: connection, as: view, beginning: beginning, place: place)
            }
            stream.onEnd { [hub] end in hub.remove(listener, of: person, after: end.reason) }
            return stream
        } catch {
            hub.remove(listener, of: person, after: .neverOpened)
            throw error
        }
    }

    /// The first events, and the place up to which they tell everything.
    private func beginning(
        for view: MeetingView, in meetingID: MeetingID, after lastEventID: String?
    ) async -> ([[UInt8]], MeetingEventID?) {
        let known = lastEventID.flatMap { MeetingEventID($0) }
        guard let replay = try? await log.events(of: meetingID, after: known) else {
            let ready = EventStreamText.ready(view, at: nil, retry: Self.retry)
            return (
                lastEventID == nil ? [ready] : [ready, EventStreamText.reset(at: nil, clock.now)], nil
            )
        }
        let isComplete = replay.isComplete && (known == nil) == (lastEventID == nil)
        // The place goes with the last of them: who loses the connection before must not resume behind what they missed.
        guard isComplete else {
            return (
                [
                    EventStreamText.ready(view, at: nil, retry: Self.retry),
                    EventStreamText.reset(at: replay.end, clock.now),
                ], replay.end
            )
        }
        let missed = replay.events.filter { view.sees($0.event.reach) }.map(EventStreamText.event)
        let ready = EventStreamText.ready(
            view, at: missed.isEmpty ? replay.end : nil, retry: Self.retry)
        return ([ready] + missed, replay.end)
    }
}
