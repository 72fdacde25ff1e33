import Conference
import HTTPServer

/// The shapes of people in meetings and of their messages.
enum ParticipantSchemas {
    static let status = Schema.choice(ParticipantStatus.allCases.map(\.rawValue))

    static let participant = Schema.named(
        "Participant",
        .object(
            .required("id", .uuid.described("Also the identity on the media server.")),
            .required("role", MeetingSchemas.role.described("What they may do now.")),
            .required("isCohost", .boolean.described("A host because another one made them one.")),
            .required("displayName", .string()), .required("status", status), .required("joinedAt", .time),
            .required("admittedAt", .time.nullable), .required("isConnected", .boolean),
            .required("handRaisedAt", .time.nullable)))

    static let page = PageAnswer.schema("ParticipantPage", of: participant)

    static let pageAnswer = Operation.Answer(
        status: .ok, summary: "One page.", schema: page,
        example: ["items": [Examples.participant], "nextCursor": .null],
        headers: [("Link", "The next page, if there is one.")])

    static func answer(_ summary: String) -> Operation.Answer {
        Operation.Answer(status: .ok, summary: summary, schema: participant, example: Examples.participant)
    }

    static let own = Schema.named(
        "Participation",
        .object(
            .required("participant", participant), .required("title", .string()),
            .required("meetingState", MeetingSchemas.state), .required("settings", MeetingSchemas.settings),
            .required(
                "connection", MeetingSchemas.connection.nullable.described("For those who are let in; made just now."))
        ))

    static let admission = Schema.named(
        "GroupAdmission",
        .object(
            .required("admitted", .array(of: participant)),
            .required("stillWaiting", .integer(0...Int(Int32.max)).described("For whom there was no seat."))))

    static let source = Schema.choice(MutedSource.allCases.map(\.rawValue))

    static let mute = Schema.named("Mute", .object(.required("source", source)))

    static let muted = Schema.named(
        "Muted", .object(.required("count", .integer(0...Int(Int32.max)).described("How many were sending."))))

    static let message = Schema.named(
        "Message",
        .object(
            .required("id", .uuid), .required("participantId", .uuid), .required("displayName", .string()),
            .required("role", MeetingSchemas.role.described("What the sender was then.")),
            .required("text", .string()), .required("sentAt", .time)))

    static let messagePage = PageAnswer.schema("MessagePage", of: message)

    static let messageDraft = Schema.named(
        "MessageDraft",
        .object(
            .required(
                "text",
                .string(Limits.messageCharacters)
                    .described("Control characters but line breaks are removed; something readable must remain."))))
}
