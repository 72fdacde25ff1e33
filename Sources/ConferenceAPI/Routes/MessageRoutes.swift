import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The chat of a meeting.
struct MessageRoutes: Sendable {
    private let messages: MessageService

    init(_ dependencies: APIDependencies) {
        messages = dependencies.live.messages
    }

    private static let list = "/api/v1/meetings/{meeting_id}/messages"

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: MessageRoutes.list, id: "sendMessage", tag: "Chat",
                summary: "Say something to everyone",
                detail: "It arrives as the event `message.sent`, and is kept if the meeting's `chatHistory` is on.",
                access: .meeting, parameters: [.meetingID],
                content: Operation.Content(schema: ParticipantSchemas.messageDraft, example: ["text": "Hello"]),
                answers: [
                    Operation.Answer(
                        status: .created, summary: "It was sent.", schema: ParticipantSchemas.message,
                        example: Examples.message)
                ],
                problems: [.forbidden, .invalid, .tooManyAttempts, .notFound(.participant)], bodyLimit: 64 * 1024
            ) { [messages] call in
                let message = try await messages.send(
                    call.body.string("text") ?? "", in: try call.meetingID(), by: call.caller)
                return .json(.created) { ParticipantWriter.write(message, to: &$0) }
            },
            Operation(
                method: .get, template: MessageRoutes.list, id: "listMessages", tag: "Chat",
                summary: "What was said, newest first",
                detail: "What was kept since the gathering began; for owner and administrators, of earlier ones too.",
                access: .meeting, parameters: [.meetingID, .cursor, .limit],
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "One page.", schema: ParticipantSchemas.messagePage,
                        example: ["items": [Examples.message], "nextCursor": .null],
                        headers: [("Link", "The next page, if there is one.")])
                ]
            ) { [messages] call in
                let page = try await messages.list(
                    try PageAnswer.request(call), in: try call.meetingID(), by: call.caller)
                return PageAnswer.make(page, of: call) { message, json in
                    json.object { ParticipantWriter.write(message, to: &$0) }
                }
            },
            Operation(
                method: .delete, template: "\(MessageRoutes.list)/{message_id}", id: "deleteMessage", tag: "Chat",
                summary: "Delete a message", detail: "One's own; hosts anybody's. Messages that weren't kept can't be.",
                access: .meeting, parameters: [.meetingID, .messageID],
                answers: [Operation.Answer(status: .noContent, summary: "It is gone.", contentType: nil)],
                problems: [.forbidden, .notFound(.message)]
            ) { [messages] call in
                try await messages.delete(
                    try call.id("message_id", of: .message), in: try call.meetingID(), by: call.caller)
                return HTTPResponse(.noContent)
            },
        ]
    }
}
