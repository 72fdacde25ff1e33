import FoundationEssentials

/// The chat of meetings.
///
/// A message reaches those who listen to the meeting's events, whole. It is kept only where the meeting wants it.
public struct MessageService: Sendable {
    private let access: MeetingAccess
    private let messages: any MessageStoring
    private let limiter: any RateLimiting
    private let journal: MeetingJournal
    private let ids: any IDGenerating

    public init(
        access: MeetingAccess, messages: any MessageStoring, limiter: any RateLimiting, journal: MeetingJournal,
        ids: any IDGenerating
    ) {
        self.access = access
        self.messages = messages
        self.limiter = limiter
        self.journal = journal
        self.ids = ids
    }

    /// Throws `invalid`, `forbidden` (who may chat, is a setting), `tooManyAttempts`, `notFound(.participant)` for a host
    /// who isn't in the meeting.
    public func send(_ text: String, in meeting: MeetingID, by caller: MeetingCaller) async throws -> Message {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.require(standing.meeting.settings.chat)
        guard let participant = standing.participant else { throw ConferenceError.notFound(.participant) }
        let cleaned = Text.lines(text)
        if let problem = Text.lengthProblem(
            cleaned, characters: Limits.messageCharacters, bytes: Limits.messageBytes)
        {
            throw ConferenceError.invalid([FieldProblem("text", problem)])
        }
        let decision = await limiter.take(Limits.messagesPerParticipant, key: "\(participant.id)")
        guard decision.allowed else {
            throw ConferenceError.tooManyAttempts(retryAfter: decision.retryAfter ?? decision.resetAfter)
        }
        let message = Message(
            id: MessageID(ids.next()), meetingID: meeting, participantID: participant.id,
            displayName: participant.displayName, role: standing.role, text: cleaned, sentAt: journal.clock.now)
        if standing.meeting.settings.chatHistory { try await messages.insert(message) }
        await journal.tell(.messageSent, in: meeting, message.eventData)
        return message
    }

    /// What was kept, newest first: for those who manage the meeting everything, for others what was said since the
    /// gathering began.
    public func list(
        _ page: PageRequest, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> Page<Message> {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireAdmitted()
        let manages = caller.principal.map(standing.meeting.isManaged) ?? false
        let since = manages ? nil : standing.meeting.startedAt ?? journal.clock.now
        let fetched = try await messages.messages(
            in: meeting, since: since, before: page.cursor.map { MessageID($0.after) }, limit: page.limit + 1)
        return .cut(fetched, limit: page.limit, id: \.id.uuid)
    }

    /// Deletes a message, one's own or as a host anybody's. Throws `notFound(.message)`, `forbidden`.
    public func delete(_ id: MessageID, in meeting: MeetingID, by caller: MeetingCaller) async throws {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireAdmitted()
        guard let message = try await messages.message(id, in: meeting) else {
            throw ConferenceError.notFound(.message)
        }
        let isOwn = message.participantID == standing.participant?.id
        if !isOwn { try standing.requireHost() }
        try await journal.atomically {
            guard try await messages.delete(id, in: meeting) else { throw ConferenceError.notFound(.message) }
            if !isOwn { try await journal.record(.messageDeleted, by: standing, about: message.participantID) }
        }
        await journal.tell(.messageDeleted, in: meeting, ["id": .string(id.description)])
    }
}

extension Message {
    var eventData: [String: MeetingEvent.Value] {
        [
            "id": .string(id.description), "participantId": .string(participantID.description),
            "displayName": .string(displayName.text), "role": .string(role.rawValue), "text": .string(text),
        ]
    }
}
