import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Coming to a meeting: by its id for those signed in, by its link for everyone.
struct JoinRoutes: Sendable {
    private let meetings: MeetingService
    private let joining: JoinService
    private let recordings: RecordingService
    private let liveKitURL: String

    init(_ dependencies: APIDependencies) {
        meetings = dependencies.meetings
        joining = dependencies.joining
        recordings = dependencies.recordings
        liveKitURL = dependencies.settings.liveKitURL
    }

    private static let problems: [ProblemKind] = [
        .notFound(.meeting), .invalid, .passcodeRequired, .wrongPasscode, .tooManyAttempts, .meetingLocked,
        .meetingFull, .meetingEnded, .removedFromMeeting,
    ]

    private static let content = Operation.Content(
        schema: MeetingSchemas.joinRequest, example: ["displayName": "Grace", "passcode": "2718"])

    private static let answer = Operation.Answer(
        status: .ok, summary: "In, or waiting in the lobby.", schema: MeetingSchemas.ticket, example: Examples.ticket)

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: "/api/v1/meetings/{meeting_id}/join", id: "joinMeeting", tag: "Joining",
                summary: "Join a meeting by its id",
                detail: "The name is the account's, unless another one is given. Hosts need no passcode.",
                parameters: [.meetingID], content: JoinRoutes.content, answers: [JoinRoutes.answer],
                problems: JoinRoutes.problems
            ) { call in
                try await join(.id(call.id("meeting_id", of: .meeting)), call)
            },
            Operation(
                method: .get, template: "/api/v1/join/{code}", id: "previewMeeting", tag: "Joining",
                summary: "What the link leads to", access: .anyone, parameters: [.joinCode],
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "What everyone with the link may know.", schema: MeetingSchemas.preview,
                        example: Examples.preview)
                ],
                problems: [.notFound(.meeting)]
            ) { call in
                let code = try JoinRoutes.code(call)
                let preview = try await meetings.preview(code)
                let isRecorded = try await recordings.isRunning(at: code)
                return .json { writer in
                    MeetingWriter.write(preview, to: &writer)
                    writer.member("recordingActive", isRecorded)
                }
            },
            Operation(
                method: .post, template: "/api/v1/join/{code}", id: "joinByLink", tag: "Joining",
                summary: "Join a meeting by its link",
                detail: "Guests give a display name. Who is signed in joins as their account.",
                access: .anyoneOrAccount, parameters: [.joinCode], content: JoinRoutes.content,
                answers: [JoinRoutes.answer], problems: JoinRoutes.problems
            ) { call in
                try await join(.code(try JoinRoutes.code(call)), call)
            },
        ]
    }

    private static func code(_ call: Call) throws -> JoinCode {
        guard let code = call.request.parameters["code"].flatMap({ JoinCode($0) }) else {
            throw ConferenceError.notFound(.meeting)
        }
        return code
    }

    private func join(_ meeting: MeetingReference, _ call: Call) async throws -> HTTPResponse {
        let name = call.body.string("displayName")
        let joiner: Joiner =
            if let session = call.session {
                .account(session.principal, displayName: name ?? session.displayName)
            } else {
                .guest(displayName: name ?? "")
            }
        if case .id(let id) = meeting { call.note(id) }
        let ticket = try await joining.join(
            JoinRequest(
                meeting: meeting, joiner: joiner, passcode: call.body.string("passcode"),
                clientAddress: call.request.clientAddress))
        call.note(ticket.meeting.id)
        return .json { write(ticket, to: &$0) }
    }

    private func write(_ ticket: JoinTicket, to writer: inout JSONWriter) {
        writer.member("status", ticket.connection == nil ? "waiting" : "admitted")
        writer.object("meeting") { writer in
            writer.member("id", ticket.meeting.id)
            writer.member("title", ticket.meeting.title)
            writer.member("kind", ticket.meeting.kind.rawValue)
            writer.member("state", ticket.meeting.state.rawValue)
            writer.object("settings") { MeetingWriter.write(ticket.meeting.settings, to: &$0) }
        }
        writer.member("recordingActive", ticket.recordingActive)
        writer.object("participant") { writer in
            writer.member("id", ticket.participant.id)
            writer.member("role", ticket.participant.role.rawValue)
            writer.member("displayName", ticket.participant.displayName.text)
            writer.member("joinedAt", ticket.participant.joinedAt)
        }
        writer.object("participantKey") { writer in
            writer.member("key", ticket.key.text)
            writer.member("expiresAt", ticket.key.expiresAt)
        }
        ParticipantWriter.write(
            ticket.connection, of: ticket.participant, ticket.meeting, url: liveKitURL, to: &writer)
    }
}
