import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// What happened in a meeting, for those who manage it.
struct TimelineRoutes: Sendable {
    private let timeline: TimelineService

    init(_ dependencies: APIDependencies) {
        timeline = dependencies.timeline
    }

    private static let meeting = "/api/v1/meetings/{meeting_id}"

    var operations: [Operation] { [listOperation, bundleOperation] }

    private var listOperation: Operation {
        Operation(
            method: .get, template: "\(Self.meeting)/timeline", id: "listMeetingTimeline", tag: "Analytics",
            summary: "What happened in a meeting, oldest first",
            detail: """
                For its owner and administrators. What LiveKit told (`webhook`), what hosts and administrators did \
                (`action`), and what happened (`meeting`), in the order of time. `repaired` are those that LiveKit didn't \
                tell and a look at it found out. Why a webhook could not be applied, only administrators read.
                """,
            parameters: [
                .meetingID,
                Operation.Parameter(
                    place: .query, name: "cursor", summary: "Where the page begins: `nextCursor` of the page before.",
                    schema: .string(nil, .timelineCursor), example: TimelineSchemas.cursor),
                .limit,
                Operation.Parameter(
                    place: .query, name: "source", summary: "Only entries of this source.",
                    schema: TimelineSchemas.source, example: "action"),
            ],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "One page.", schema: TimelineSchemas.page,
                    example: ["items": [TimelineSchemas.example], "nextCursor": .null],
                    headers: [("Link", "The next page, if there is one.")])
            ],
            problems: [.notFound(.meeting)]
        ) { [timeline] call in
            let page = try await timeline.page(
                of: try call.meetingID(), after: call.query("cursor").flatMap { TimelinePlace($0) },
                source: call.query("source").flatMap(TimelineItem.Source.init),
                limit: call.query("limit").flatMap { Int($0) }, by: call.principal())
            return PageAnswer.make(page.items, next: page.next?.description, of: call) { item, json in
                json.object { TimelineSchemas.write(item, to: &$0) }
            }
        }
    }

    private var bundleOperation: Operation {
        Operation(
            method: .get, template: "\(Self.meeting)/support-bundle", id: "getSupportBundle", tag: "Analytics",
            summary: "What helps to find out what went wrong in a meeting, as a file",
            detail: """
                One JSON object a line, each with its `type`: `meeting`, `analytics`, then any number of `recording`, \
                `participant` and `entry` (of the timeline), and `end`, without which the file was cut off. It holds no \
                code of the link, passcode, key, token or address of a file, and no e-mail address. Names are in it as \
                people typed them, e-mail addresses among them left out.
                """,
            parameters: [.meetingID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "The lines.", contentType: SupportBundleWriter.contentType, schema: .string(),
                    example: .string("{\"type\":\"end\"}\n"))
            ],
            problems: [.notFound(.meeting)]
        ) { [timeline] call in
            let id = try call.meetingID()
            let bundle = try await timeline.bundle(of: id, by: call.principal())
            return HTTPResponse(
                .ok,
                headers: [
                    "Content-Type": SupportBundleWriter.contentType,
                    "Content-Disposition": "attachment; filename=\"support \(id).ndjson\"",
                ],
                body: .stream(length: nil) { try await bundle.next().map(SupportBundleWriter.lines) })
        }
    }
}
