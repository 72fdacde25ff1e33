import FoundationEssentials

/// Someone's own place in a meeting.
public struct Participation: Hashable, Sendable {
    public let meeting: Meeting
    public let participant: Participant
    public let status: ParticipantStatus
    /// Present exactly for those who are let in.
    public let connection: RoomConnection?
}

/// Someone in a meeting, as others see them.
public struct RosterEntry: Hashable, Sendable {
    public let participant: Participant
    public let status: ParticipantStatus
}

/// What people in a meeting do for themselves.
public struct ParticipationService: Sendable {
    private let access: MeetingAccess
    private let meetings: any MeetingStoring
    private let participants: any ParticipantStoring
    private let lobby: any LobbyStoring
    private let moderation: any ModerationStoring
    private let media: any MediaServing
    private let doorway: Doorway
    private let journal: MeetingJournal

    public init(
        access: MeetingAccess, meetings: any MeetingStoring, participants: any ParticipantStoring,
        lobby: any LobbyStoring, moderation: any ModerationStoring, media: any MediaServing, doorway: Doorway,
        journal: MeetingJournal
    ) {
        self.access = access
        self.meetings = meetings
        self.participants = participants
        self.lobby = lobby
        self.moderation = moderation
        self.media = media
        self.doorway = doorway
        self.journal = journal
    }

    /// Who is in the meeting, in the order of coming; hosts see who waits as well.
    ///
    /// - Parameter waiting: only those who wait (for hosts), only those who don't, or both (nil).
    public func roster(
        _ page: PageRequest, waiting: Bool?, in id: MeetingID, by caller: MeetingCaller
    ) async throws -> Page<RosterEntry> {
        let standing = try await access.standing(of: caller, in: id)
        try standing.requireAdmitted()
        if waiting == true { try standing.requireHost() }
        let now = journal.clock.now
        let fetched = try await lobby.participants(
            in: id, waiting: standing.isHost ? waiting : false, knockedAfter: now - Limits.knockLifetime,
            after: page.cursor.map { ParticipantID($0.after) }, limit: page.limit + 1)
        let entries = fetched.map { RosterEntry(participant: $0, status: $0.status(at: now)) }
        return .cut(entries, limit: page.limit, id: \.participant.id.uuid)
    }

    /// How it goes with the holder of a participant's key, also after they were turned away or have left. For those who
    /// are let in: how to connect, with a token made just now.
    ///
    /// Throws `notFound(.participant)` for a host without a key, `meetingFull` when the seat was given away because they
    /// didn't connect in time, `unavailable`.
    public func own(in id: MeetingID, by caller: MeetingCaller) async throws -> Participation {
        let (meeting, participant) = try await caller.participant(in: id, meetings, participants)
        let now = journal.clock.now
        let status = participant.status(at: now)
        guard status == .admitted, meeting.state != .ended else {
            return Participation(meeting: meeting, participant: participant, status: status, connection: nil)
        }
        let outcome = try await lobby.holdSeat(
            of: participant.id, in: id, at: now, until: now + Limits.joinTokenLifetime)
        switch outcome {
        case .admitted(let participant, let meeting):
            let connection = try await doorway.connection(for: participant, to: meeting)
            return Participation(
                meeting: meeting, participant: participant, status: .admitted, connection: connection)
        case .full: throw ConferenceError.meetingFull
        case .already, .notWaiting, .missing, .ended: throw ConferenceError.notInMeeting
        }
    }

    /// Leaves the meeting or its lobby. Leaving twice changes nothing.
    public func leave(_ id: MeetingID, by caller: MeetingCaller) async throws {
        let (_, participant) = try await caller.participant(in: id, meetings, participants)
        let now = journal.clock.now
        let wasWaiting = participant.status(at: now) == .waiting
        let left = try await participants.leave(participant.id, at: now)
        if left, wasWaiting { await journal.tellLobbyLeft(participant, .left) }
        // Their connection ends by itself when the client leaves; this is for one that only said so here.
        if participant.connectedAt != nil { try await media.remove(participant.id, from: id) }
    }

    /// Raises or lowers one's own hand. A hand that is up stays up at its place.
    public func setHand(_ isRaised: Bool, in id: MeetingID, by caller: MeetingCaller) async throws -> Participant {
        let standing = try await access.standing(of: caller, in: id)
        try standing.requireAdmitted()
        guard let participant = standing.participant else { throw ConferenceError.notFound(.participant) }
        let hands = RaisedHands(moderation: moderation, media: media, journal: journal)
        return try await hands.set(isRaised, of: participant.id, in: id).participant
    }
}
