import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Meetings as their owners and the administrators manage them.
struct MeetingRoutes: Sendable {
    private let meetings: MeetingService
    private let controls: MeetingControls
    private let writer: MeetingWriter

    init(_ dependencies: APIDependencies) {
        meetings = dependencies.meetings
        controls = dependencies.live.controls
        writer = MeetingWriter(settings: dependencies.settings)
    }

    private static let list = "/api/v1/meetings"
    private static let one = "/api/v1/meetings/{meeting_id}"

    var operations: [Operation] {
        [createOperation, listOperation, readOperation, changeOperation, endOperation, deleteOperation]
    }

    private static func answer(_ status: HTTPStatus, _ headers: [(name: String, summary: String)]) -> Operation.Answer {
        Operation.Answer(
            status: status, summary: "The meeting.", schema: MeetingSchemas.meeting, example: Examples.meeting,
            headers: [("ETag", "The meeting's version.")] + headers, links: status == .created ? links : [])
    }

    private static let links: [Operation.Link] =
        ["getMeeting", "changeMeeting", "endMeeting", "deleteMeeting", "joinMeeting", "createWhiteboard"].map {
            Operation.Link(operation: $0, parameter: "meeting_id", member: "id")
        }
        + ["previewMeeting", "joinByLink"].map {
            Operation.Link(operation: $0, parameter: "code", member: "joinCode")
        }

    private var createOperation: Operation {
        Operation(
            method: .post, template: MeetingRoutes.list, id: "createMeeting", tag: "Meetings",
            summary: "Create a meeting",
            detail: "Whoever creates it is its host. See `invalid` for rules between fields.",
            content: Operation.Content(
                schema: MeetingSchemas.draft,
                example: [
                    "title": "Weekly", "kind": "scheduled", "scheduledStart": "2026-03-02T09:00:00Z",
                    "settings": ["lobby": "guests", "capacity": 50],
                ]),
            answers: [MeetingRoutes.answer(.created, [("Location", "The meeting.")])], problems: [.invalid]
        ) { [meetings, writer] call in
            let meeting = try await meetings.create(MeetingReader.draft(call.body), by: call.principal())
            var response = MeetingRoutes.respond(.created, meeting, call, writer)
            response.headers["Location"] = "\(MeetingRoutes.list)/\(meeting.id)"
            return response
        }
    }

    private var listOperation: Operation {
        Operation(
            method: .get, template: MeetingRoutes.list, id: "listMeetings", tag: "Meetings",
            summary: "Meetings, newest first",
            detail: "One's own; administrators get everybody's with `scope=all`.",
            parameters: [
                .cursor, .limit,
                Operation.Parameter(
                    place: .query, name: "state", summary: "Only meetings in this state.",
                    schema: MeetingSchemas.state, example: "live"),
                Operation.Parameter(
                    place: .query, name: "scope", summary: "Whose meetings; `own` by default.",
                    schema: .choice(["own", "all"]), example: "own"),
            ],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "One page.", schema: MeetingSchemas.page,
                    example: ["items": [Examples.meeting], "nextCursor": .string(Examples.cursor)],
                    headers: [("Link", "The next page, if there is one.")])
            ],
            problems: [.forbidden]
        ) { [meetings, writer] call in
            let page = try await meetings.list(
                try PageAnswer.request(call), state: call.query("state").flatMap(MeetingState.init),
                everybodys: call.query("scope") == "all", by: call.principal())
            return PageAnswer.make(page, of: call) { meeting, json in
                json.object { writer.write(meeting, to: &$0) }
            }
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: MeetingRoutes.one, id: "getMeeting", tag: "Meetings", summary: "One meeting",
            parameters: [.meetingID, .ifNoneMatch],
            answers: [
                MeetingRoutes.answer(.ok, []),
                Operation.Answer(
                    status: .notModified, summary: "The client has it already.", contentType: nil,
                    headers: [("ETag", "The meeting's version.")]),
            ],
            problems: [.notFound(.meeting)]
        ) { [meetings, writer] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            return MeetingRoutes.respond(.ok, try await meetings.meeting(id, by: call.principal()), call, writer)
        }
    }

    private var changeOperation: Operation {
        Operation(
            method: .patch, template: MeetingRoutes.one, id: "changeMeeting", tag: "Meetings",
            summary: "Change a meeting",
            detail: "What is left out stays, null clears. With `If-Match` the change is made only on the version read.",
            parameters: [.meetingID, .ifMatch],
            content: Operation.Content(
                schema: MeetingSchemas.change, example: ["title": "Weekly", "settings": ["locked": true]]),
            answers: [MeetingRoutes.answer(.ok, [])],
            problems: [
                .notFound(.meeting), .invalid, .preconditionFailed, .meetingEnded, .conflict(.staleVersion),
            ],
            handler: change)
    }

    private func change(_ call: Call) async throws -> HTTPResponse {
        let (id, actor): (MeetingID, Principal) = (try call.id("meeting_id", of: .meeting), try call.principal())
        call.note(id)
        let tags = call.request.headers["If-Match"].map { EntityTags($0) }
        var version: Int?
        if let tags, tags != .any {
            let current = try await meetings.meeting(id, by: actor)
            guard tags.contains(current.version) else { throw MeetingRoutes.changedMeanwhile }
            version = current.version
        }
        do {
            let changed = try await controls.update(
                id, MeetingReader.change(call.body), version: version, by: actor)
            return MeetingRoutes.respond(.ok, changed, call, writer)
        } catch ConferenceError.conflict(.staleVersion) where version != nil {
            throw MeetingRoutes.changedMeanwhile
        }
    }

    private static var changedMeanwhile: HTTPProblem {
        ProblemKind.preconditionFailed.problem(
            "The meeting was changed since you read it. Read it again and repeat your change.")
    }

    private var endOperation: Operation {
        Operation(
            method: .post, template: "\(MeetingRoutes.one)/end", id: "endMeeting", tag: "Meetings",
            summary: "End a meeting for everybody",
            detail: "By any host. Everybody is disconnected. Ending what has ended changes nothing.",
            access: .meeting, parameters: [.meetingID], answers: [MeetingRoutes.answer(.ok, [])],
            problems: [.forbidden]
        ) { [controls, writer] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            return MeetingRoutes.respond(.ok, try await controls.end(id, by: call.caller), call, writer)
        }
    }

    private var deleteOperation: Operation {
        Operation(
            method: .delete, template: MeetingRoutes.one, id: "deleteMeeting", tag: "Meetings",
            summary: "Delete a meeting", parameters: [.meetingID],
            answers: [Operation.Answer(status: .noContent, summary: "It is gone.", contentType: nil)],
            problems: [.notFound(.meeting), .conflict(.meetingHasRecordings)]
        ) { [controls] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            try await controls.delete(id, by: call.principal())
            return HTTPResponse(.noContent)
        }
    }

    private static func respond(
        _ status: HTTPStatus, _ meeting: Meeting, _ call: Call, _ writer: MeetingWriter
    ) -> HTTPResponse {
        call.note(meeting.id)
        // Clients may keep it if they ask each time whether it is still right.
        let headers: HTTPHeaders = [
            "ETag": EntityTags.tag(of: meeting.version), "Cache-Control": "private, no-cache",
        ]
        return .json(status, headers: headers) { writer.write(meeting, to: &$0) }
    }
}
