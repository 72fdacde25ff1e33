import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Recordings: started and stopped by hosts in a meeting, read and deleted by those who manage it.
struct RecordingRoutes: Sendable {
    private let recordings: RecordingService

    init(_ dependencies: APIDependencies) {
        recordings = dependencies.recordings
    }

    private static let ofMeeting = "/api/v1/meetings/{meeting_id}/recordings"
    private static let list = "/api/v1/recordings"
    private static let one = "/api/v1/recordings/{recording_id}"

    var operations: [Operation] {
        [
            startOperation, listOfMeetingOperation, stopOperation, listOperation, readOperation, linkOperation,
            changeOperation, deleteOperation,
        ]
    }

    private static func answer(_ status: HTTPStatus, _ summary: String = "The recording.") -> Operation.Answer {
        Operation.Answer(
            status: status, summary: summary, schema: RecordingSchemas.recording, example: Examples.recording,
            headers: status == .created ? [("Location", "The recording.")] : [],
            links: status == .created ? links : [])
    }

    private static let links: [Operation.Link] =
        ["getRecording", "getRecordingLink", "changeRecording", "deleteRecording"].map {
            Operation.Link(operation: $0, parameter: "recording_id", member: "id")
        }

    private static func pageAnswer(_ summary: String) -> Operation.Answer {
        Operation.Answer(
            status: .ok, summary: summary, schema: RecordingSchemas.page,
            example: ["items": [Examples.recording], "nextCursor": .string(Examples.cursor)],
            headers: [("Link", "The next page, if there is one.")])
    }

    private var startOperation: Operation {
        Operation(
            method: .post, template: RecordingRoutes.ofMeeting, id: "startRecording", tag: "Recordings",
            summary: "Start a recording",
            detail: """
                Hosts only, where the meeting's setting `record` lets them. The answer comes before the recorder's: \
                `recording.changed` events and the recording's state tell what becomes of it. What is offered, \
                `getConfiguration` says.
                """,
            access: .meeting, parameters: [.meetingID],
            content: Operation.Content(schema: RecordingSchemas.request, example: ["kind": "audio"]),
            answers: [RecordingRoutes.answer(.created)],
            problems: [
                .forbidden, .invalid, .notFound(.participant), .meetingEnded, .recordingNotOffered,
                .conflict(.meetingNotLive), .conflict(.recordingRunning), .conflict(.recordersBusy),
            ]
        ) { [recordings] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            let request = RecordingRequest(
                kind: call.body.choice("kind") ?? .composite,
                participantID: call.body.string("participantId").flatMap { ParticipantID($0) })
            let recording = try await recordings.start(request, in: id, by: call.caller)
            return .json(.created, headers: ["Location": "\(RecordingRoutes.list)/\(recording.id)"]) {
                RecordingSchemas.write(recording, to: &$0)
            }
        }
    }

    private var listOfMeetingOperation: Operation {
        Operation(
            method: .get, template: RecordingRoutes.ofMeeting, id: "listMeetingRecordings", tag: "Recordings",
            summary: "A meeting's recordings, newest first",
            detail: "Hosts see all. Everyone else in the meeting sees those that run, to know that they are recorded.",
            access: .meeting, parameters: [.meetingID, .cursor, .limit],
            answers: [RecordingRoutes.pageAnswer("One page.")]
        ) { [recordings] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            let page = try await recordings.list(in: id, try PageAnswer.request(call), by: call.caller)
            return RecordingRoutes.respond(page, call)
        }
    }

    private var stopOperation: Operation {
        Operation(
            method: .post, template: "\(RecordingRoutes.ofMeeting)/{recording_id}/stop", id: "stopRecording",
            tag: "Recordings", summary: "Stop a recording",
            detail: "Hosts only. Stopping what has ended changes nothing. The file follows: see the state.",
            access: .meeting, parameters: [.meetingID, .recordingID], answers: [RecordingRoutes.answer(.ok)],
            problems: [.forbidden, .notFound(.recording)]
        ) { [recordings] call in
            let id: MeetingID = try call.id("meeting_id", of: .meeting)
            call.note(id)
            let recording = try await recordings.stop(
                call.id("recording_id", of: .recording), in: id, by: call.caller)
            return .json { RecordingSchemas.write(recording, to: &$0) }
        }
    }

    private var listOperation: Operation {
        Operation(
            method: .get, template: RecordingRoutes.list, id: "listRecordings", tag: "Recordings",
            summary: "Recordings, newest first",
            detail: "Those of one's own meetings; administrators get everybody's with `scope=all`.",
            parameters: [
                .cursor, .limit,
                Operation.Parameter(
                    place: .query, name: "state", summary: "Only recordings in this state.",
                    schema: RecordingSchemas.state, example: "ready"),
                Operation.Parameter(
                    place: .query, name: "scope", summary: "Whose recordings; `own` by default.",
                    schema: .choice(["own", "all"]), example: "own"),
            ],
            answers: [RecordingRoutes.pageAnswer("One page.")], problems: [.forbidden]
        ) { [recordings] call in
            let page = try await recordings.list(
                try PageAnswer.request(call), state: call.query("state").flatMap(RecordingState.init),
                everybodys: call.query("scope") == "all", by: call.principal())
            return RecordingRoutes.respond(page, call)
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: RecordingRoutes.one, id: "getRecording", tag: "Recordings",
            summary: "One recording", parameters: [.recordingID], answers: [RecordingRoutes.answer(.ok)],
            problems: [.notFound(.recording)]
        ) { [recordings] call in
            let recording = try await recordings.recording(
                call.id("recording_id", of: .recording), by: call.principal())
            call.note(recording.meetingID)
            return .json { RecordingSchemas.write(recording, to: &$0) }
        }
    }

    private var linkOperation: Operation {
        Operation(
            method: .get, template: "\(RecordingRoutes.one)/link", id: "getRecordingLink", tag: "Recordings",
            summary: "Where to read a recording's file",
            detail: """
                A URL of the object storage that works for a while without signing in: 4 hours to play, 10 minutes to begin \
                a download. Each one is written to the audit log.
                """,
            parameters: [
                .recordingID,
                Operation.Parameter(
                    place: .query, name: "purpose", summary: "To play it in a page, the default, or to save it.",
                    schema: .choice(RecordingLink.Purpose.allCases.map(\.rawValue)), example: "download"),
            ],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "The file's address.", schema: RecordingSchemas.link,
                    example: Examples.recordingLink)
            ],
            problems: [.notFound(.recording), .conflict(.recordingNotReady)]
        ) { [recordings] call in
            let purpose = call.query("purpose").flatMap(RecordingLink.Purpose.init) ?? .play
            let link = try await recordings.link(
                to: call.id("recording_id", of: .recording), for: purpose, by: call.principal())
            return .json(headers: ["Cache-Control": "no-store"]) { writer in
                writer.member("url", link.url)
                writer.member("expiresAt", link.expiresAt)
                writer.member("fileName", link.fileName)
                writer.member("contentType", link.contentType)
            }
        }
    }

    private var changeOperation: Operation {
        Operation(
            method: .patch, template: RecordingRoutes.one, id: "changeRecording", tag: "Recordings",
            summary: "Set when a recording is deleted by itself", parameters: [.recordingID],
            content: Operation.Content(
                schema: RecordingSchemas.change, example: ["deleteAfter": "2099-12-31T00:00:00Z"]),
            answers: [RecordingRoutes.answer(.ok)], problems: [.notFound(.recording), .invalid]
        ) { [recordings] call in
            let recording = try await recordings.setDeleteAfter(
                call.body.time("deleteAfter"), of: call.id("recording_id", of: .recording), by: call.principal())
            call.note(recording.meetingID)
            return .json { RecordingSchemas.write(recording, to: &$0) }
        }
    }

    private var deleteOperation: Operation {
        Operation(
            method: .delete, template: RecordingRoutes.one, id: "deleteRecording", tag: "Recordings",
            summary: "Delete a recording",
            detail: "The file goes first, then the recording: until then its state is `deleting`.",
            parameters: [.recordingID],
            answers: [Operation.Answer(status: .accepted, summary: "It is being deleted.", contentType: nil)],
            problems: [.notFound(.recording), .conflict(.recordingRunning)]
        ) { [recordings] call in
            try await recordings.delete(call.id("recording_id", of: .recording), by: call.principal())
            return HTTPResponse(.accepted)
        }
    }

    private static func respond(_ page: Page<Recording>, _ call: Call) -> HTTPResponse {
        PageAnswer.make(page, of: call) { recording, writer in
            writer.object { RecordingSchemas.write(recording, to: &$0) }
        }
    }
}
