import Conference
import HTTPServer
import Platform

/// Where the media server says what happened.
struct MediaEventRoutes: Sendable {
    private let events: MediaEventService
    private let reader: any MediaEventReading
    private let metrics: MetricsRegistry
    private let log: Logger

    init(_ dependencies: APIDependencies) {
        events = dependencies.mediaEvents
        reader = dependencies.mediaEventReader
        metrics = dependencies.metrics
        log = dependencies.log.with(component: "webhooks")
    }

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: "/webhooks/livekit", id: "receiveMediaEvent", tag: "Media server",
                summary: "Take an event of the media server",
                detail:
                    "For LiveKit's `webhook.urls`. Each event is stored before it is applied; the same one again changes nothing.",
                // At the beginning of a large meeting many come at once, all from one address, and none is sent again.
                access: .mediaServer, rateLimit: .exempt,
                rawContent: Operation.RawContent(
                    mediaType: "application/webhook+json",
                    schema: .anything.described("`livekit.WebhookEvent` in protobuf's JSON."),
                    example: MediaEventRoutes.example),
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "Kept.",
                        schema: .named(
                            "MediaEventReceipt",
                            .object(
                                .required(
                                    "status",
                                    .choice(["applied", "duplicate", "stored"]).described(
                                        "`stored`: could not be applied yet, and is tried again.")))),
                        example: ["status": "applied"])
                ],
                problems: [.unreadableEvent], bodyLimit: 1024 * 1024
            ) { call in
                try await receive(call)
            }
        ]
    }

    private static let example: JSONValue = [
        "event": "room_started", "id": "EV_era8sz8SFp6g", "createdAt": "1795397134",
        "room": ["sid": "RM_fCagkokF8oPe", "name": .string(Examples.meetingID)],
    ]

    private func receive(_ call: Call) async throws -> HTTPResponse {
        let event: MediaEvent
        do {
            event = try reader.read(authorization: call.request.headers["Authorization"], content: call.content)
        } catch {
            throw problem(of: error, call)
        }
        if let meeting = event.roomName.flatMap({ MeetingID($0) }) { call.note(meeting) }
        let receipt = try await events.receive(event)
        metrics.counter(
            "media_events_total", help: "Events of the media server that were taken, by what became of them.",
            labels: ["event": MediaEventRoutes.label(event.name), "outcome": receipt.rawValue]
        ).increment()
        return .json { $0.member("status", receipt.rawValue) }
    }

    private func problem(of refusal: MediaEventRefusal, _ call: Call) -> HTTPProblem {
        let kind: ProblemKind
        let reason: String
        var headers: HTTPHeaders = [:]
        switch refusal {
        case .unverified(let why):
            (kind, reason) = (.unverifiedEvent, why)
            headers["WWW-Authenticate"] = "LiveKit realm=\"webhooks\""
        case .unreadable(let why):
            (kind, reason) = (.unreadableEvent, why)
        }
        metrics.counter(
            "media_events_refused_total", help: "Requests that were not taken for the media server's events.",
            labels: ["reason": kind.code]
        ).increment()
        log.warning("event refused", ["reason": reason, "request_id": call.request.id])
        return kind.problem("The event is not taken: \(reason).", headers: headers)
    }

    /// The names that exist; whatever else is signed is one label.
    private static func label(_ name: String) -> String {
        let known: Set = [
            "room_started", "room_finished", "participant_joined", "participant_left",
            "participant_connection_aborted", "track_published", "track_unpublished", "egress_started",
            "egress_updated", "egress_ended",
        ]
        return known.contains(name) ? name : "other"
    }
}
