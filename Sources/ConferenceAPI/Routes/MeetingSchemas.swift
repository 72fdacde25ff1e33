import Conference

/// The shapes of meetings and of joining them.
enum MeetingSchemas {
    static let title = Schema.string(Limits.titleCharacters)
        .described("One line. Control characters are removed; something readable must remain.")
    static let kind = choice(MeetingKind.self)
    static let state = choice(MeetingState.self)
    static let lobby = choice(LobbyPolicy.self).described("Who waits until a host lets them in.")
    static let audience = choice(Audience.self)
    static let role = choice(ParticipantRole.self)
    static let chatHistory = Schema.boolean.described("Messages are kept for those who come later.")
    static let recordAudience = Schema.choice([Audience.hosts.rawValue, Audience.nobody.rawValue])
    static let capacity = Schema.integer(Limits.capacity).nullable.described("People at once; null for no limit.")
    static let start = Schema.time.nullable.described("Scheduled meetings have it, others don't.")
    static let end = Schema.time.nullable.described("Later than scheduledStart, by 7 days at most.")
    static let passcode = Schema.string(Limits.passcodeBytes, .utf8Bytes(upTo: Limits.passcodeBytes.upperBound))
        .described("At most \(Limits.passcodeBytes.upperBound) bytes in UTF-8.").secret

    private static func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> Schema {
        .choice(type.allCases.map(\.rawValue))
    }

    static let settings = Schema.named(
        "MeetingSettings",
        .object(
            .required("requiresPasscode", .boolean), .required("lobby", lobby),
            .required("locked", .boolean.described("Nobody but hosts comes in any more.")),
            .required("capacity", capacity), .required("screenShare", audience), .required("chat", audience),
            .required("chatHistory", chatHistory), .required("record", recordAudience), .required("draw", audience)))

    static let meeting = Schema.named(
        "Meeting",
        .object(
            .required("id", .uuid.described("Also the name of the room on the media server.")),
            .required("joinCode", .string().described("The secret part of the link.")),
            .required("joinUrl", .string()), .required("ownerId", .uuid), .required("title", .string()),
            .required("kind", kind), .required("state", state), .required("scheduledStart", start),
            .required("scheduledEnd", end), .required("startedAt", .time.nullable),
            .required("endedAt", .time.nullable), .required("settings", settings), .required("createdAt", .time),
            .required("updatedAt", .time), .required("version", .integer(1...Int(Int32.max)))))

    static let page = PageAnswer.schema("MeetingPage", of: meeting)

    /// What may be set, each optional; left out means the default, or unchanged.
    private static let settable: [Schema.Property] = [
        .optional("lobby", lobby), .optional("locked", .boolean), .optional("capacity", capacity),
        .optional("screenShare", audience), .optional("chat", audience), .optional("chatHistory", .boolean),
        .optional("record", recordAudience),
        .optional("draw", audience), .optional("passcode", passcode.nullable),
    ]

    static let draft = Schema.named(
        "MeetingDraft",
        .object(
            .required("title", title), .optional("kind", kind.described("By default instant.")),
            .optional("scheduledStart", start), .optional("scheduledEnd", end),
            .optional("settings", Schema(.object(settable)))))

    static let change = Schema.named(
        "MeetingChange",
        .object(
            .optional("title", title), .optional("scheduledStart", start), .optional("scheduledEnd", end),
            .optional("settings", Schema(.object(settable)))))

    static let preview = Schema.named(
        "MeetingPreview",
        .object(
            .required("title", .string()), .required("kind", kind), .required("state", state),
            .required("scheduledStart", start), .required("scheduledEnd", end),
            .required("requiresPasscode", .boolean), .required("lobby", lobby), .required("locked", .boolean),
            .required("recordingActive", recordingActive)))

    private static let recordingActive = Schema.boolean.described(
        "The meeting is being recorded: tell who comes, before they connect.")

    static let joinRequest = Schema.named(
        "JoinRequest",
        .object(
            .optional("displayName", AccountSchemas.displayName),
            .optional("passcode", .string(1...Limits.passcodeBytes.upperBound).nullable.secret)))

    static let ticket = Schema.named(
        "JoinTicket",
        .object(
            .required(
                "status", .choice(["admitted", "waiting"]).described("Waiting: in the lobby, without a connection.")),
            .required(
                "meeting",
                .object(
                    .required("id", .uuid), .required("title", .string()), .required("kind", kind),
                    .required("state", state), .required("settings", settings))),
            .required("recordingActive", recordingActive),
            .required(
                "participant",
                .object(
                    .required("id", .uuid.described("Also the identity on the media server.")),
                    .required("role", role), .required("displayName", .string()),
                    .required("joinedAt", .time))),
            .required(
                "participantKey",
                .object(
                    .required("key", .string().described("For `Authorization: Bearer` about this meeting. Secret.")),
                    .required("expiresAt", .time))),
            .required("connection", connection.nullable)))

    static let connection = Schema.named(
        "RoomConnection",
        .object(
            .required("url", .string().described("Where LiveKit is.")),
            .required("token", .string().described("LiveKit's access token. Secret.")),
            .required("expiresAt", .time.described("Until when the token may be used to connect.")),
            .required("canPublishSources", .array(of: choice(RoomGrants.Source.self))),
            .required("canChat", .boolean), .required("canDraw", .boolean),
            .required("isModerator", .boolean.described("Whether they are a host."))))

    /// What any host may change while people are there.
    static let liveSettings = Schema.named(
        "LiveSettingsChange",
        .object(
            .optional("lobby", lobby), .optional("locked", .boolean), .optional("screenShare", audience),
            .optional("chat", audience), .optional("chatHistory", .boolean), .optional("record", recordAudience),
            .optional("draw", audience)))
}
