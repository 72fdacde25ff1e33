import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The people of a meeting, and what they do for themselves.
struct ParticipantRoutes: Sendable {
    private let participation: ParticipationService
    private let liveKitURL: String
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        participation = dependencies.live.participation
        liveKitURL = dependencies.settings.liveKitURL
        clock = dependencies.clock
    }

    static let list = "/api/v1/meetings/{meeting_id}/participants"
    private static let me = "\(list)/me"

    var operations: [Operation] { [listOperation, ownOperation, leaveOperation, raiseOperation, lowerOperation] }

    private var listOperation: Operation {
        Operation(
            method: .get, template: ParticipantRoutes.list, id: "listParticipants", tag: "In a meeting",
            summary: "Who is in the meeting, in the order of coming",
            detail: "Hosts also see who waits in the lobby.", access: .meeting,
            parameters: [
                .meetingID, .cursor, .limit,
                Operation.Parameter(
                    place: .query, name: "status", summary: "Only these; `waiting` is for hosts.",
                    schema: .choice(["admitted", "waiting"]), example: "admitted"),
            ],
            answers: [ParticipantSchemas.pageAnswer],
            problems: [.forbidden]
        ) { [participation] call in
            let id = try call.meetingID()
            let page = try await participation.roster(
                try PageAnswer.request(call), waiting: call.query("status").map { $0 == "waiting" }, in: id,
                by: call.caller)
            return PageAnswer.make(page, of: call) { entry, json in
                json.object { ParticipantWriter.write(entry.participant, entry.status, to: &$0) }
            }
        }
    }

    private var ownOperation: Operation {
        Operation(
            method: .get, template: ParticipantRoutes.me, id: "getOwnParticipation", tag: "In a meeting",
            summary: "How it goes with oneself",
            detail: """
                By the participant's key: also for those who wait in the lobby, were turned away or have left. Once let \
                in, `connection` has a token made just now.
                """,
            access: .meeting, parameters: [.meetingID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "One's own place.", schema: ParticipantSchemas.own,
                    example: [
                        "participant": Examples.participant, "title": "Weekly", "meetingState": "live",
                        "settings": Examples.settings, "connection": Examples.connection,
                    ])
            ],
            problems: [.notFound(.participant), .meetingFull]
        ) { [participation, liveKitURL] call in
            let own = try await participation.own(in: try call.meetingID(), by: call.caller)
            return .json { writer in
                writer.object("participant") { ParticipantWriter.write(own.participant, own.status, to: &$0) }
                writer.member("title", own.meeting.title)
                writer.member("meetingState", own.meeting.state.rawValue)
                writer.object("settings") { MeetingWriter.write(own.meeting.settings, to: &$0) }
                ParticipantWriter.write(own.connection, of: own.participant, own.meeting, url: liveKitURL, to: &writer)
            }
        }
    }

    private var leaveOperation: Operation {
        Operation(
            method: .delete, template: ParticipantRoutes.me, id: "leaveMeeting", tag: "In a meeting",
            summary: "Leave the meeting, or its lobby", detail: "Leaving twice changes nothing.", access: .meeting,
            parameters: [.meetingID],
            answers: [Operation.Answer(status: .noContent, summary: "One is gone.", contentType: nil)],
            problems: [.notFound(.participant)]
        ) { [participation] call in
            try await participation.leave(try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private var raiseOperation: Operation {
        hand(
            .put, "raiseHand", "Raise one's hand",
            "A hand that is up keeps its place. Those who came first have the lowest time.",
            true)
    }

    private var lowerOperation: Operation { hand(.delete, "lowerOwnHand", "Lower one's hand", nil, false) }

    private func hand(
        _ method: HTTPMethod, _ id: String, _ summary: String, _ detail: String?, _ isRaised: Bool
    ) -> Operation {
        Operation(
            method: method, template: "\(ParticipantRoutes.me)/hand", id: id, tag: "In a meeting", summary: summary,
            detail: detail, access: .meeting, parameters: [.meetingID],
            answers: [ParticipantSchemas.answer("Oneself.")],
            problems: [.notFound(.participant), .conflict(.participantGone)]
        ) { [participation, clock] call in
            let participant = try await participation.setHand(isRaised, in: try call.meetingID(), by: call.caller)
            return ParticipantWriter.answer(participant, at: clock.now)
        }
    }
}

extension Call {
    func participantID() throws -> ParticipantID { try id("participant_id", of: .participant) }
}
