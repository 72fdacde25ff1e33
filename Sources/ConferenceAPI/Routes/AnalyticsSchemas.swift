import Conference

/// The shapes of figures.
enum AnalyticsSchemas {
    private static let count = Schema.integer(0...(1 << 53))

    private static let figures: [Schema.Property] = [
        .required("participants", count.described("Comings of people who were connected at some time.")),
        .required("peakParticipants", count.described("The most who were there at once.")),
        .required("joins", count.described("Connections; someone whose network broke has several.")),
        .required("leaves", count),
        .required("participantSeconds", count.described("How long all of them were there, together.")),
        .required(
            "abortedConnections",
            count.described("Connections that the media server gave up before they came about.")),
        .required("neverConnected", count.described("People who were let in and never connected.")),
        .required("recordings", count), .required("recordedSeconds", count), .required("ratings", count),
        .required("averageRating", Schema.number.nullable.described("Stars, 1 to 5; null without ratings.")),
    ]

    static let sums = Schema.named(
        "AnalyticsSums",
        Schema(
            .object(
                [
                    .required("gatherings", count.described("How often a meeting was live.")),
                    .required("durationSeconds", count),
                ] + figures)))

    private static let gathering = Schema.named(
        "Gathering",
        Schema(
            .object(
                [
                    .required("startedAt", .time),
                    .required("endedAt", .time.nullable.described("Null while it goes on.")),
                ] + figures)))

    static let interval = Schema.choice(AnalyticsPeriod.Interval.allCases.map(\.rawValue))

    static let overview = Schema.named(
        "AnalyticsOverview",
        .object(
            .required("from", .day), .required("to", .day.described("The last day, included.")),
            .required("interval", interval), .required("timeZone", .choice(["UTC"])), .required("totals", sums),
            .required(
                "steps",
                .array(
                    of: .object(
                        .required(
                            "start",
                            .time.described(
                                "Midnight in UTC: of a day, a Monday or the first of a month. The first may be before `from`."
                            )), .required("sums", sums)),
                    limit: Limits.analyticsSteps + 1))))

    static let meeting = Schema.named(
        "MeetingAnalytics",
        .object(
            .required("meetingId", .uuid), .required("totals", sums),
            .required(
                "gatherings", .array(of: gathering, limit: Limits.gatheringsShown).described("Newest first.")),
            .required("stars", .array(of: count, limit: 5).described("How many gave one star, two, up to five.")),
            .required(
                "comments",
                .array(
                    of: .object(
                        .required("rating", .integer(1...5)), .required("text", .string()),
                        .required("givenAt", .time)),
                    limit: Limits.commentsShown
                ).described("Newest first; nobody learns whose they are."))))

    static let participant = Schema.named(
        "ParticipantFigures",
        .object(
            .required("id", .uuid), .required("displayName", .string()), .required("role", MeetingSchemas.role),
            .required("joinedAt", .time),
            .required("admittedAt", .time.nullable.described("Null for those who were never let in.")),
            .required("connectedAt", .time.nullable.described("Null for those who never connected.")),
            .required("leftAt", .time.nullable), .required("seconds", count.described("How long they were connected.")),
            .required("connections", count), .required("abortedConnections", count)))

    static let participantPage = PageAnswer.schema("ParticipantFiguresPage", of: participant)

    static let feedback = Schema.named(
        "Feedback",
        .object(
            .required("rating", .integer(1...5).described("Stars.")),
            .optional("comment", .string(0...Limits.commentCharacters.upperBound).nullable)))
}

extension Examples {
    private static let figures: [(String, JSONValue)] = [
        ("participants", 12), ("peakParticipants", 9), ("joins", 14), ("leaves", 14), ("participantSeconds", 27_540),
        ("abortedConnections", 1), ("neverConnected", 1), ("recordings", 1), ("recordedSeconds", 2708), ("ratings", 4),
        ("averageRating", 4.5),
    ]

    static let analyticsSums = object([("gatherings", 1), ("durationSeconds", 3020)] + figures)

    private static let gathering = object(
        [("startedAt", "2026-03-02T09:01:00.000Z"), ("endedAt", "2026-03-02T09:51:20.000Z")] + figures)

    static let analyticsOverview: JSONValue = [
        "from": "2026-03-02", "to": "2026-03-02", "interval": "day", "timeZone": "UTC", "totals": analyticsSums,
        "steps": [["start": "2026-03-02T00:00:00.000Z", "sums": analyticsSums]],
    ]

    static let meetingAnalytics: JSONValue = [
        "meetingId": .string(meetingID), "totals": analyticsSums, "gatherings": [gathering], "stars": [0, 0, 0, 2, 2],
        "comments": [["rating": 5, "text": "Clear sound.", "givenAt": "2026-03-02T09:52:00.000Z"]],
    ]

    static let participantFigures: JSONValue = [
        "id": .string(participantID), "displayName": "Grace", "role": "guest", "joinedAt": "2026-03-02T09:01:00.000Z",
        "admittedAt": "2026-03-02T09:01:20.000Z", "connectedAt": "2026-03-02T09:01:22.000Z",
        "leftAt": "2026-03-02T09:51:20.000Z", "seconds": 2998, "connections": 1, "abortedConnections": 0,
    ]

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { (name: $0.0, value: $0.1) }))
    }
}
