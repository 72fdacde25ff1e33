import Conference
import Platform

/// The shapes of a meeting's timeline.
enum TimelineSchemas {
    static let cursor = TimelinePlace.beginning.description

    static let source = Schema.choice(TimelineItem.Source.allCases.map(\.rawValue))

    static let item = Schema.named(
        "TimelineEntry",
        .object(
            .required("id", .uuid), .required("at", .time), .required("source", source),
            .required("kind", .string().described("Such as participant.joined; of webhooks LiveKit's own name.")),
            .required("participantId", .uuid.nullable.described("Whom it happened to.")),
            .required("participantName", .string().nullable),
            .required("actorId", .uuid.nullable.described("The account that did it.")),
            .required("actorName", .string().nullable.described("Who did it; hosts without an account too.")),
            .required("repaired", .boolean.described("Not reported, but found out by looking at LiveKit.")),
            .required("details", Schema.anything.described("Short facts, each a string."))))

    static let page = Schema.named(
        "TimelinePage",
        .object(
            .required("items", .array(of: item, limit: Limits.pageSize.upperBound)),
            .required(
                "nextCursor",
                .string(nil, .timelineCursor).nullable.described("For the next page; null on the last one."))))

    static let example: JSONValue = [
        "id": "0199f0c7-55e0-7a41-8b3d-1c9e7f5a2d64", "at": "2026-03-02T09:04:11.250Z", "source": "action",
        "kind": "participant.muted", "participantId": .string(Examples.participantID), "participantName": "Grace",
        "actorId": .string(Examples.accountID), "actorName": "Ada", "repaired": false,
        "details": ["source": "microphone"],
    ]

    /// - Parameter text: what becomes of texts that people or other programs wrote.
    static func write(_ item: TimelineItem, to writer: inout JSONWriter, text: (String) -> String = { $0 }) {
        writer.name("id")
        writer.write(item.id)
        writer.member("at", item.at)
        writer.member("source", item.source.rawValue)
        writer.member("kind", item.kind)
        writer.member("participantId", item.participantID?.description)
        writer.member("participantName", item.participantName.map(text))
        writer.member("actorId", item.actorID?.description)
        writer.member("actorName", item.actorName.map(text))
        writer.member("repaired", item.isRepaired)
        writer.object("details") { writer in
            for (name, value) in item.details.sorted(by: { $0.key < $1.key }) {
                writer.name(name)
                writer.write(text(value))
            }
        }
    }
}

extension StringFormat {
    /// A place in a timeline, as ``TimelinePlace`` writes it.
    static let timelineCursor = StringFormat(
        pattern: "^t000[0-7][0-9a-f]{44}$", requirement: "must be a cursor that this server returned"
    ) { text in
        let bytes = Array(text.utf8)
        return bytes.count == 49 && text.hasPrefix("t000") && bytes[4] >= 0x30 && bytes[4] <= 0x37
            && bytes.dropFirst(5).allSatisfy { ASCII.isHexDigit($0) && ($0 < 0x41 || $0 > 0x5a) }
    }
}
