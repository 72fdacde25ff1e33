import Conference
import Platform

/// The shapes of recordings.
enum RecordingSchemas {
    static let kind = Schema.choice(RecordingKind.allCases.map(\.rawValue))
        .described("composite: everyone in one picture. participant: one person. audio: everyone's sound.")
    static let state = Schema.choice(RecordingState.allCases.map(\.rawValue))

    static let recording = Schema.named(
        "Recording",
        .object(
            .required("id", .uuid), .required("meetingId", .uuid), .required("kind", kind),
            .required(
                "participantId", .uuid.nullable.described("Whom it shows; recordings of one person have it.")),
            .required(
                "requestedBy", .uuid.nullable.described("The account; null for a host who has none.")),
            .required(
                "state",
                state.described(
                    "Ready once the file was seen in the bucket; failed says why. Both are final, all others pass.")),
            .required("active", .boolean.described("People are being recorded, or about to be.")),
            .required("failure", .string().nullable.described("Why it failed.")),
            .required("createdAt", .time), .required("startedAt", .time.nullable),
            .required("endedAt", .time.nullable), .required("readyAt", .time.nullable),
            .required("sizeBytes", .integer(0...(1 << 53)).nullable),
            .required("durationMilliseconds", .integer(0...(1 << 53)).nullable),
            .required("deleteAfter", .time.nullable.described("When it is deleted by itself; null for never."))))

    static let page = PageAnswer.schema("RecordingPage", of: recording)

    static let request = Schema.named(
        "RecordingRequest",
        .object(
            .required("kind", kind),
            .optional("participantId", .uuid.described("Whom to record; only, and always, with kind participant."))))

    static let change = Schema.named(
        "RecordingChange",
        .object(.required("deleteAfter", .time.nullable.described("When to delete it; null for never."))))

    static let link = Schema.named(
        "RecordingLink",
        .object(
            .required("url", .string().described("Reads the file without signing in. Secret.")),
            .required("expiresAt", .time), .required("fileName", .string()), .required("contentType", .string())))

    /// What is offered, as `getConfiguration` shows it.
    static let offers = Schema.object(
        .required("processors", .integer().described("Processor cores of the recorder; 0 without one.")),
        .required("notice", .string().described("What to tell those who come into a meeting that is recorded.")),
        .required(
            "kinds",
            .array(
                of: .object(
                    .required("kind", kind), .required("offered", .boolean),
                    .required("processors", .integer().described("What it takes while it runs.")),
                    .required("obstacle", .string().nullable.described("Why it isn't offered."))))))

    static func value(_ offers: RecordingOffers) -> JSONValue {
        [
            "processors": .integer(offers.processors), "notice": .string(RecordingNotice.text),
            "kinds": .array(
                offers.all.map { offer in
                    [
                        "kind": .string(offer.kind.rawValue), "offered": .bool(offer.isOffered),
                        "processors": .integer(offer.processors),
                        "obstacle": offer.obstacle.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }

    static func write(_ recording: Recording, to writer: inout JSONWriter) {
        writer.member("id", recording.id)
        writer.member("meetingId", recording.meetingID)
        writer.member("kind", recording.kind.rawValue)
        writer.member("participantId", recording.participantID?.description)
        writer.member("requestedBy", recording.requestedBy?.description)
        writer.member("state", recording.state.rawValue)
        writer.member("active", recording.state.isRunning)
        writer.member("failure", recording.state == .failed ? recording.failure : nil)
        writer.member("createdAt", recording.createdAt)
        writer.member("startedAt", recording.startedAt)
        writer.member("endedAt", recording.endedAt)
        writer.member("readyAt", recording.readyAt)
        writer.member("sizeBytes", recording.sizeBytes)
        writer.member("durationMilliseconds", recording.duration.map { Int($0 / .milliseconds(1)) })
        writer.member("deleteAfter", recording.deleteAfter)
    }
}
