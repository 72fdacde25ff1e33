import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The lobby, for hosts.
struct LobbyRoutes: Sendable {
    private let lobby: LobbyService
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        lobby = dependencies.live.lobby
        clock = dependencies.clock
    }

    private static let one = "\(ParticipantRoutes.list)/{participant_id}"

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: "\(LobbyRoutes.one)/admit", id: "admitParticipant", tag: "Hosting",
                summary: "Let someone in from the lobby", detail: "Letting in who is in already changes nothing.",
                access: .meeting, parameters: [.meetingID, .participantID],
                answers: [ParticipantSchemas.answer("They are in.")],
                problems: [
                    .forbidden, .notFound(.participant), .conflict(.participantNotWaiting), .meetingFull, .meetingEnded,
                ]
            ) { [lobby, clock] call in
                let participant = try await lobby.admit(
                    try call.participantID(), in: try call.meetingID(), by: call.caller)
                return ParticipantWriter.answer(participant, at: clock.now)
            },
            Operation(
                method: .post, template: "\(LobbyRoutes.one)/deny", id: "denyParticipant", tag: "Hosting",
                summary: "Turn someone in the lobby away", access: .meeting, parameters: [.meetingID, .participantID],
                answers: [Operation.Answer(status: .noContent, summary: "They know.", contentType: nil)],
                problems: [.forbidden, .notFound(.participant), .conflict(.participantNotWaiting)]
            ) { [lobby] call in
                try await lobby.deny(try call.participantID(), in: try call.meetingID(), by: call.caller)
                return HTTPResponse(.noContent)
            },
            Operation(
                method: .post, template: "\(ParticipantRoutes.list)/admit", id: "admitEveryone", tag: "Hosting",
                summary: "Let in everyone who waits",
                detail: "In the order of their coming, as long as there are seats.",
                access: .meeting, parameters: [.meetingID],
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "Who was let in.", schema: ParticipantSchemas.admission,
                        example: ["admitted": [Examples.participant], "stillWaiting": 0])
                ],
                problems: [.forbidden, .meetingEnded]
            ) { [lobby, clock] call in
                let outcome = try await lobby.admitAll(in: try call.meetingID(), by: call.caller)
                return .json { writer in
                    writer.array("admitted") { writer in
                        for participant in outcome.admitted {
                            writer.object {
                                ParticipantWriter.write(participant, participant.status(at: clock.now), to: &$0)
                            }
                        }
                    }
                    writer.member("stillWaiting", outcome.stillWaiting)
                }
            },
        ]
    }
}
