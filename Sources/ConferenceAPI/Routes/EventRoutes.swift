import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Live events of a meeting.
struct EventRoutes: Sendable {
    private let streams: MeetingEventStreams
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        streams = dependencies.events
        clock = dependencies.clock
    }

    private static let example = """
        retry: 2000
        id: 1772355600000-0
        event: ready
        data: {"participantId":"\(Examples.participantID)","admitted":true,"host":false}

        id: 1772355604211-0
        event: meeting.ended
        data: {"at":"2026-03-01T09:00:04.211Z"}

        event: end
        data: {"reason":"meeting_ended","reconnect":false}


        """

    var operations: [Operation] {
        [
            Operation(
                method: .get, template: "/api/v1/meetings/{meeting_id}/events", id: "streamMeetingEvents",
                tag: "Events", summary: "What happens in a meeting, as it happens",
                detail: """
                    Server-sent events (WHATWG HTML, section 9.2) until the client leaves, is out of the meeting, or the \
                    meeting ends. Browsers read it with fetch, since EventSource sends no Authorization. An event says \
                    what changed; what it is now, the other operations tell. After a loss `Last-Event-ID` goes on where \
                    the client was; `reset` says that events are missing, so that everything is to be read again. The \
                    last event is `end`.
                    """,
                access: .meeting, parameters: [.meetingID, .lastEventID],
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "Events without end.", contentType: EventStreamText.contentType,
                        schema: .string(), example: .string(EventRoutes.example))
                ],
                problems: [.meetingEnded, .tooManyStreams]
            ) { call in
                let id: MeetingID = try call.id("meeting_id", of: .meeting)
                call.note(id)
                let stream = try await streams.open(
                    for: call.caller, in: id, after: call.request.headers["Last-Event-ID"], life: life(call))
                return HTTPResponse(
                    .ok, headers: ["Content-Type": EventStreamText.contentType], body: .events(stream))
            }
        ]
    }

    /// No longer than what the caller showed is good for.
    private func life(_ call: Call) -> Duration {
        let ends = [call.claim?.expiresAt, call.session?.expiresAt].compactMap { $0 }
        let left = ends.map { Duration.seconds($0.timeIntervalSince(clock.now)) }
        return min(Limits.eventStreamLife, left.min() ?? Limits.eventStreamLife)
    }
}
