import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The figures of one meeting, and what people say of it.
struct MeetingAnalyticsRoutes: Sendable {
    private let analytics: AnalyticsService

    init(_ dependencies: APIDependencies) {
        analytics = dependencies.analytics
    }

    private static let meeting = "/api/v1/meetings/{meeting_id}"

    var operations: [Operation] { [readOperation, participantsOperation, exportOperation, rateOperation] }

    private var readOperation: Operation {
        Operation(
            method: .get, template: "\(Self.meeting)/analytics", id: "getMeetingAnalytics", tag: "Analytics",
            summary: "A meeting's figures",
            detail: "For its owner and administrators. What goes on at the moment is counted until now.",
            parameters: [.meetingID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All together, and each time that the meeting was live.",
                    schema: AnalyticsSchemas.meeting, example: Examples.meetingAnalytics)
            ],
            problems: [.notFound(.meeting)]
        ) { [analytics] call in
            let id = try call.meetingID()
            let found = try await analytics.analytics(of: id, by: call.principal())
            return .json { AnalyticsWriter.write(found, of: id, to: &$0) }
        }
    }

    private var participantsOperation: Operation {
        Operation(
            method: .get, template: "\(Self.meeting)/analytics/participants", id: "listParticipantFigures",
            tag: "Analytics", summary: "How long each was in a meeting",
            detail: "In the order of coming; someone who came twice has two entries.",
            parameters: [.meetingID, .cursor, .limit],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "One page.", schema: AnalyticsSchemas.participantPage,
                    example: ["items": [Examples.participantFigures], "nextCursor": .null],
                    headers: [("Link", "The next page, if there is one.")])
            ],
            problems: [.notFound(.meeting)]
        ) { [analytics] call in
            let page = try await analytics.participants(
                of: try call.meetingID(), try PageAnswer.request(call), by: call.principal())
            return PageAnswer.make(page, of: call) { person, json in
                json.object { AnalyticsWriter.write(person, to: &$0) }
            }
        }
    }

    private static let exportExample = """
        \(AnalyticsWriter.participantTitles.joined(separator: ","))\r
        \(Examples.participantID),Grace,guest,2026-03-02T09:01:00.000Z,2026-03-02T09:01:20.000Z,\
        2026-03-02T09:01:22.000Z,2026-03-02T09:51:20.000Z,2998,1,0\r

        """

    private var exportOperation: Operation {
        Operation(
            method: .get, template: "\(Self.meeting)/analytics.csv", id: "exportMeetingAnalytics", tag: "Analytics",
            summary: "How long each was in a meeting, for a spreadsheet",
            detail: """
                Comma-separated values (RFC 4180) in UTF-8, times in UTC. A name that a spreadsheet would take for a \
                formula has an apostrophe before it.
                """,
            parameters: [.meetingID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "A title row, and a row for each coming of someone.",
                    contentType: "text/csv", schema: .string(), example: .string(Self.exportExample))
            ],
            problems: [.notFound(.meeting)]
        ) { [analytics] call in
            let id = try call.meetingID()
            let rows = ParticipantRows(try await analytics.allParticipants(of: id, by: call.principal()))
            return HTTPResponse(
                .ok,
                headers: [
                    "Content-Type": CSVWriter.contentType,
                    "Content-Disposition": "attachment; filename=\"meeting \(id).csv\"",
                ], body: .stream(length: nil) { try await rows.next() })
        }
    }

    private var rateOperation: Operation {
        Operation(
            method: .post, template: "\(Self.meeting)/feedback", id: "rateMeeting", tag: "Analytics",
            summary: "Say what one thinks of a call",
            detail: """
                By a participant's key, during the call or afterwards, as long as the key is good. Saying it again \
                replaces it. Those who manage the meeting read the comment without a name.
                """,
            access: .meeting, parameters: [.meetingID],
            content: Operation.Content(
                schema: AnalyticsSchemas.feedback, example: ["rating": 5, "comment": "Clear sound."]),
            answers: [Operation.Answer(status: .noContent, summary: "It was noted.", contentType: nil)],
            problems: [.invalid, .notFound(.participant)]
        ) { [analytics] call in
            try await analytics.rate(
                call.body.integer("rating") ?? 0, comment: call.body.string("comment"), in: try call.meetingID(),
                by: call.caller)
            return HTTPResponse(.noContent)
        }
    }
}

/// The rows of an export, fetched while they are sent.
private actor ParticipantRows {
    private let fetch: @Sendable (ParticipantID?) async throws -> [ParticipantFigures]?
    private var last: ParticipantID?
    private var hasBegun = false

    init(_ fetch: @escaping @Sendable (ParticipantID?) async throws -> [ParticipantFigures]?) {
        self.fetch = fetch
    }

    func next() async throws -> [UInt8]? {
        var rows = CSVWriter()
        if !hasBegun {
            hasBegun = true
            rows.row(AnalyticsWriter.participantTitles.map { .text($0) })
            return rows.bytes
        }
        guard let people = try await fetch(last) else { return nil }
        last = people.last?.id
        for person in people { rows.row(AnalyticsWriter.row(person)) }
        return rows.bytes
    }
}
