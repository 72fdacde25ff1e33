import FoundationEssentials

/// The rooms of meetings on the media server, which lets nobody into a room that wasn't made here.
///
/// A room goes away by itself a while after the last one has left. So it is made anew before a token is handed out, unless
/// that was done a moment ago: many people who come at once cost one call. While they keep coming it is made anew ahead of
/// time, and none of them waits.
public actor MeetingRooms {
    private let media: any MediaServing
    private let meetings: any MeetingStoring
    private let participants: any ParticipantStoring
    private let clock: any WallClock
    /// Under their ids and the codes of their links.
    private var madeAt: [MeetingReference: Date] = [:]
    private var making: [MeetingID: Task<Void, any Error>] = [:]

    /// How long a room that was seen is believed to be there: less than one lasts that everybody has left.
    private static let belief = Duration.seconds(5)
    /// A room that was seen longer ago is looked at again while it is still believed to be there.
    private static let renewal = Duration.seconds(2)
    private static let mostRemembered = 10_000
    private static let options = MediaRoomOptions(emptyTimeout: .seconds(300), departureTimeout: .seconds(60))

    public init(
        media: any MediaServing, meetings: any MeetingStoring, participants: any ParticipantStoring,
        clock: any WallClock
    ) {
        self.media = media
        self.meetings = meetings
        self.participants = participants
        self.clock = clock
    }

    /// Makes the meeting's room unless it is known to be there. Throws `unavailable`.
    func ensure(_ meeting: Meeting) async throws {
        let now = clock.now
        guard let seen = madeAt[.id(meeting.id)], now < seen + Self.belief else {
            return try await make(meeting, now).value
        }
        // Its failure shows when the belief has ended and a join waits for the room.
        if now >= seen + Self.renewal { _ = make(meeting, now) }
    }

    /// Makes the room, unless that is under way.
    private func make(_ meeting: Meeting, _ now: Date) -> Task<Void, any Error> {
        if let running = making[meeting.id] { return running }
        let task = Task {
            defer { making[meeting.id] = nil }
            var options = Self.options
            options.metadata = try RoomMetadata(meeting).text()
            try await media.createRoom(for: meeting.id, options: options)
            remember(meeting, now)
        }
        making[meeting.id] = task
        return task
    }

    /// Makes the room for someone who is about to be let in, before anything is written: so a join that fails for want
    /// of the media server leaves nothing behind. Whoever the door stays shut for gets no room.
    func prepare(for attempt: JoinAttempt) async throws {
        guard !isBelievedThere(attempt.meeting) else { return }
        guard let meeting = try await meetings.meeting(attempt.meeting), meeting.refusal(of: attempt) == nil,
            !meeting.settings.lobby.holds(meeting.role(of: attempt.principal))
        else { return }
        try await ensure(meeting)
    }

    /// Deletes the room and disconnects everyone in it.
    func close(_ meeting: Meeting) async throws {
        // One that is being made must not come after the deletion. Whether that succeeds doesn't matter.
        _ = try? await making[meeting.id]?.value
        madeAt[.id(meeting.id)] = nil
        madeAt[.code(meeting.joinCode)] = nil
        try await media.deleteRoom(of: meeting.id)
    }

    /// Makes what everyone may do follow from the meeting's settings, for those who are connected already.
    func applySettings(of meeting: Meeting) async throws {
        let people = try await participants.present(in: meeting.id, limit: Limits.participantsInRoom)
        let known = Dictionary(people.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [(ParticipantID, MediaParticipantUpdate)] = []
        for connected in try await media.participants(in: meeting.id) {
            guard let id = connected.participantID, let participant = known[id] else { continue }
            let grants = RoomGrants(of: participant, settings: meeting.settings)
            guard connected.grants.map({ !$0.allowsTheSame(as: grants) }) ?? true else { continue }
            changes.append((id, MediaParticipantUpdate(grants: grants)))
        }
        try await withLimitedConcurrency(changes) { [media] id, update in
            do {
                try await media.update(id, in: meeting.id, with: update)
            } catch ConferenceError.notFound {
                // Left in between.
            }
        }
    }

    /// Tells the clients what the meeting is like now; without a room there is nobody to tell.
    func describe(_ meeting: Meeting) async throws {
        do {
            try await media.setMetadata(RoomMetadata(meeting).text(), ofRoom: meeting.id)
        } catch ConferenceError.notFound {
            return
        }
    }

    private func isBelievedThere(_ meeting: MeetingReference) -> Bool {
        guard let seen = madeAt[meeting] else { return false }
        return clock.now < seen + Self.belief
    }

    private func remember(_ meeting: Meeting, _ moment: Date) {
        if madeAt.count >= Self.mostRemembered {
            madeAt = madeAt.filter { moment < $0.value + Self.belief }
        }
        madeAt[.id(meeting.id)] = moment
        madeAt[.code(meeting.joinCode)] = moment
    }
}

extension RoomGrants {
    /// Apart from `roomAdmin`, which the media server doesn't report.
    func allowsTheSame(as other: RoomGrants) -> Bool {
        canPublish == other.canPublish && canSubscribe == other.canSubscribe
            && canPublishData == other.canPublishData && Set(publishSources) == Set(other.publishSources)
    }
}

/// Runs `body` for each element, a few at a time; ends with the first error.
func withLimitedConcurrency<Key: Sendable, Value: Sendable>(
    _ elements: [(Key, Value)], _ body: @escaping @Sendable (Key, Value) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, (key, value)) in elements.enumerated() {
            if index >= 8 { try await group.next() }
            group.addTask { try await body(key, value) }
        }
        try await group.waitForAll()
    }
}
