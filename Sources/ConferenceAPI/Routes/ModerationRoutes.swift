import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// What hosts do to others while a meeting goes on.
struct ModerationRoutes: Sendable {
    private let moderation: ModerationService
    private let controls: MeetingControls
    private let writer: MeetingWriter
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        moderation = dependencies.live.moderation
        controls = dependencies.live.controls
        writer = MeetingWriter(settings: dependencies.settings)
        clock = dependencies.clock
    }

    private static let one = "\(ParticipantRoutes.list)/{participant_id}"
    private static let removals = "/api/v1/meetings/{meeting_id}/removals"

    var operations: [Operation] {
        [
            settingsOperation, muteOperation, muteEveryoneOperation, removeOperation, removalsOperation, liftOperation,
            cohost(.put, "addHost", "Make someone a host", true),
            cohost(.delete, "dropHost", "Take the host's role back", false), lowerHandOperation,
        ]
    }

    private var settingsOperation: Operation {
        Operation(
            method: .patch, template: "/api/v1/meetings/{meeting_id}/settings", id: "changeSettings", tag: "Hosting",
            summary: "Lock the meeting, or change who may do what",
            detail: "By any host; takes effect at once for those who are there. What is left out stays.",
            access: .meeting, parameters: [.meetingID],
            content: Operation.Content(schema: MeetingSchemas.liveSettings, example: ["locked": true]),
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All settings.", schema: MeetingSchemas.settings, example: Examples.settings)
            ],
            problems: [.forbidden, .invalid, .meetingEnded, .conflict(.staleVersion)]
        ) { [controls] call in
            let meeting = try await controls.changeSettings(
                try call.meetingID(), MeetingReader.settingsChange(call.body), by: call.caller)
            return .json { MeetingWriter.write(meeting.settings, to: &$0) }
        }
    }

    private var muteOperation: Operation {
        Operation(
            method: .post, template: "\(ModerationRoutes.one)/mute", id: "muteParticipant", tag: "Hosting",
            summary: "Mute someone's microphone or camera, or end their screen share",
            detail: "They may start again by themselves.", access: .meeting, parameters: [.meetingID, .participantID],
            content: Operation.Content(schema: ParticipantSchemas.mute, example: ["source": "microphone"]),
            answers: [Operation.Answer(status: .noContent, summary: "They don't send it.", contentType: nil)],
            problems: [
                .forbidden, .notFound(.participant), .conflict(.participantGone), .conflict(.participantNotConnected),
            ]
        ) { [moderation] call in
            try await moderation.mute(
                call.body.choice("source") ?? .microphone, of: try call.participantID(), in: try call.meetingID(),
                by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private var muteEveryoneOperation: Operation {
        Operation(
            method: .post, template: "\(ParticipantRoutes.list)/mute", id: "muteEveryone", tag: "Hosting",
            summary: "Mute everyone but hosts", detail: "They may start again by themselves.", access: .meeting,
            parameters: [.meetingID],
            content: Operation.Content(schema: ParticipantSchemas.mute, example: ["source": "microphone"]),
            answers: [
                Operation.Answer(
                    status: .ok, summary: "Nobody but hosts sends it.", schema: ParticipantSchemas.muted,
                    example: ["count": 3])
            ],
            problems: [.forbidden]
        ) { [moderation] call in
            let count = try await moderation.muteEveryone(
                call.body.choice("source") ?? .microphone, in: try call.meetingID(), by: call.caller)
            return .json { $0.member("count", count) }
        }
    }

    private var removeOperation: Operation {
        Operation(
            method: .delete, template: ModerationRoutes.one, id: "removeParticipant", tag: "Hosting",
            summary: "Throw someone out and keep them out",
            detail: """
                Everything their account has open in the meeting ends, and it can't come back until a host lets it. \
                A guest can't be recognised: a meeting without a lobby holds guests in it from then on.
                """,
            access: .meeting, parameters: [.meetingID, .participantID],
            answers: [Operation.Answer(status: .noContent, summary: "They are out.", contentType: nil)],
            problems: [.forbidden, .notFound(.participant), .conflict(.managesMeeting)]
        ) { [moderation] call in
            try await moderation.remove(try call.participantID(), from: try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private var removalsOperation: Operation {
        Operation(
            method: .get, template: ModerationRoutes.removals, id: "listRemovals", tag: "Hosting",
            summary: "Who is kept out", access: .meeting, parameters: [.meetingID, .cursor, .limit],
            answers: [ParticipantSchemas.pageAnswer],
            problems: [.forbidden]
        ) { [moderation] call in
            let page = try await moderation.removed(
                try PageAnswer.request(call), from: try call.meetingID(), by: call.caller)
            return PageAnswer.make(page, of: call) { participant, json in
                json.object { ParticipantWriter.write(participant, .removed, to: &$0) }
            }
        }
    }

    private var liftOperation: Operation {
        Operation(
            method: .delete, template: "\(ModerationRoutes.removals)/{participant_id}", id: "liftRemoval",
            tag: "Hosting", summary: "Let someone who was thrown out come back",
            detail: "Repeating it changes nothing.", access: .meeting, parameters: [.meetingID, .participantID],
            answers: [Operation.Answer(status: .noContent, summary: "They may join again.", contentType: nil)],
            problems: [.forbidden, .notFound(.participant)]
        ) { [moderation] call in
            try await moderation.liftRemoval(of: try call.participantID(), in: try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private func cohost(_ method: HTTPMethod, _ id: String, _ summary: String, _ isCohost: Bool) -> Operation {
        Operation(
            method: method, template: "\(ModerationRoutes.one)/host", id: id, tag: "Hosting", summary: summary,
            detail: "For as long as they stay. Owner and administrators are always hosts.", access: .meeting,
            parameters: [.meetingID, .participantID],
            answers: [ParticipantSchemas.answer("What they are now.")],
            problems: [
                .forbidden, .notFound(.participant), .conflict(.participantGone), .conflict(.managesMeeting),
            ]
        ) { [moderation, clock] call in
            let participant = try await moderation.setCohost(
                isCohost, try call.participantID(), in: try call.meetingID(), by: call.caller)
            return ParticipantWriter.answer(participant, at: clock.now)
        }
    }

    private var lowerHandOperation: Operation {
        Operation(
            method: .delete, template: "\(ModerationRoutes.one)/hand", id: "lowerHand", tag: "Hosting",
            summary: "Lower someone's hand", access: .meeting, parameters: [.meetingID, .participantID],
            answers: [Operation.Answer(status: .noContent, summary: "It is down.", contentType: nil)],
            problems: [.forbidden, .notFound(.participant), .conflict(.participantGone)]
        ) { [moderation] call in
            try await moderation.lowerHand(of: try call.participantID(), in: try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }
}
