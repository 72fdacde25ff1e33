import FoundationEssentials

/// What hosts may stop others from sending.
public enum MutedSource: String, Sendable, Codable, CaseIterable {
    case microphone, camera
    case screenShare = "screen_share"
}

/// What hosts do to others in a meeting. Each of these may be repeated; what is so already stays so.
///
/// The database decides first, then the media server is told. If that doesn't answer, the decision stands, the call
/// throws `unavailable`, and repeating it tells the media server again.
public struct ModerationService: Sendable {
    private let access: MeetingAccess
    private let participants: any ParticipantStoring
    private let moderation: any ModerationStoring
    private let media: any MediaServing
    private let journal: MeetingJournal

    public init(
        access: MeetingAccess, participants: any ParticipantStoring, moderation: any ModerationStoring,
        media: any MediaServing, journal: MeetingJournal
    ) {
        self.access = access
        self.participants = participants
        self.moderation = moderation
        self.media = media
        self.journal = journal
    }

    // MARK: Muting

    /// Mutes someone's microphone or camera, or ends their screen share. They may start again by themselves.
    ///
    /// Throws `notFound(.participant)`, `conflict(.participantGone)`, `conflict(.participantNotConnected)`.
    public func mute(
        _ source: MutedSource, of id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws {
        let host = try await host(caller, meeting)
        let participant = try await present(id, in: meeting)
        guard let connected = try await media.participant(id, in: meeting) else {
            throw ConferenceError.conflict(.participantNotConnected)
        }
        guard try await stop(source, of: connected, participant, in: host.meeting) else { return }
        try await journal.record(.participantMuted, by: host, about: id, details: ["source": source.rawValue])
        await tellMuted(participant, source)
    }

    /// Mutes everyone but hosts and the caller. Returns how many were sending.
    public func muteEveryone(
        _ source: MutedSource, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> Int {
        let host = try await host(caller, meeting)
        let people = try await participants.present(in: meeting, limit: Limits.participantsInRoom)
        let others = people.filter { $0.actingRole != .host && $0.id != host.participant?.id }
        let known = Dictionary(others.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let sending = try await media.participants(in: meeting).compactMap { connected in
            connected.participantID.flatMap { known[$0] }.map { (connected, $0) }
        }.filter { $0.0.sends(source) }
        try await withLimitedConcurrency(sending) { connected, participant in
            guard try await stop(source, of: connected, participant, in: host.meeting) else { return }
            await tellMuted(participant, source)
        }
        if !sending.isEmpty {
            try await journal.record(
                .everyoneMuted, by: host, details: ["source": source.rawValue, "count": "\(sending.count)"])
        }
        return sending.count
    }

    /// False when there was nothing to stop.
    private func stop(
        _ source: MutedSource, of connected: MediaParticipant, _ participant: Participant, in meeting: Meeting
    ) async throws -> Bool {
        let tracks = connected.tracks(of: source)
        guard !tracks.isEmpty else { return false }
        guard source == .screenShare else {
            for track in tracks { try await media.muteTrack(track.sid, of: participant.id, in: meeting.id) }
            return true
        }
        // A muted screen is a still picture. Taking the right away ends it; then they get it back.
        let grants = RoomGrants(of: participant, settings: meeting.settings)
        var without = grants
        without.publishSources.removeAll { $0 == .screenShare || $0 == .screenShareAudio }
        do {
            try await media.update(participant.id, in: meeting.id, with: MediaParticipantUpdate(grants: without))
            try await media.update(participant.id, in: meeting.id, with: MediaParticipantUpdate(grants: grants))
        } catch ConferenceError.notFound {
            return false
        }
        return true
    }

    private func tellMuted(_ participant: Participant, _ source: MutedSource) async {
        await journal.tellPerson(.participantMuted, participant, ["source": .string(source.rawValue)])
    }

    // MARK: Throwing out

    /// Throws someone out, with everything their account has open in this meeting, and keeps it out.
    ///
    /// Throws `notFound(.participant)`, `conflict(.managesMeeting)`.
    public func remove(_ id: ParticipantID, from meeting: MeetingID, by caller: MeetingCaller) async throws {
        let host = try await host(caller, meeting)
        let removal = try await journal.atomically {
            guard let removal = try await moderation.remove(id, from: meeting, at: journal.clock.now) else {
                throw ConferenceError.notFound(.participant)
            }
            if removal.isNew { try await journal.record(.participantRemoved, by: host, about: id) }
            return removal
        }
        if removal.isNew {
            for participant in removal.participants {
                await journal.tellPerson(.participantRemoved, participant)
                await journal.tell(
                    .participantRemoved, in: meeting, to: .hosts,
                    ["participantId": .string(participant.id.description)])
            }
        }
        if let changed = removal.changedMeeting {
            await journal.tell(.meetingChanged, in: meeting, ["version": .integer(changed.version)])
        }
        for participant in removal.participants { try await media.remove(participant.id, from: meeting) }
    }

    /// Those who are kept out.
    public func removed(
        _ page: PageRequest, from meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> Page<Participant> {
        _ = try await host(caller, meeting)
        let after = page.cursor.map { ParticipantID($0.after) }
        let fetched = try await moderation.removed(from: meeting, after: after, limit: page.limit + 1)
        return .cut(fetched, limit: page.limit, id: \.id.uuid)
    }

    /// Lets someone who was thrown out come back. Throws `notFound(.participant)`.
    public func liftRemoval(of id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller) async throws {
        let host = try await host(caller, meeting)
        try await journal.atomically {
            guard let lifted = try await moderation.liftRemoval(of: id, in: meeting) else {
                throw ConferenceError.notFound(.participant)
            }
            if lifted { try await journal.record(.participantRemovalLifted, by: host, about: id) }
        }
    }

    // MARK: Roles and hands

    /// Makes someone a host of this meeting as long as they stay, or takes that back.
    ///
    /// Throws `notFound(.participant)`, `conflict(.participantGone)`, `conflict(.managesMeeting)`.
    public func setCohost(
        _ isCohost: Bool, _ id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> Participant {
        let host = try await host(caller, meeting)
        guard try await present(id, in: meeting).role != .host else {
            throw ConferenceError.conflict(.managesMeeting)
        }
        let since = isCohost ? journal.clock.now : nil
        let change = try await journal.atomically {
            guard let change = try await moderation.setCohost(id, in: meeting, since: since) else {
                throw ConferenceError.conflict(.participantGone)
            }
            if change.isNew { try await journal.record(isCohost ? .hostAdded : .hostDropped, by: host, about: id) }
            return change
        }
        let participant = change.participant
        let role = participant.actingRole.rawValue
        if change.isNew {
            await journal.tell(
                .participantRoleChanged, in: meeting,
                ["participantId": .string(id.description), "role": .string(role)])
        }
        let grants = RoomGrants(of: participant, settings: host.meeting.settings)
        do {
            let update = MediaParticipantUpdate(grants: grants, attributes: ["role": role])
            try await media.update(id, in: meeting, with: update)
        } catch ConferenceError.notFound {
            // Not connected at the moment: their next token says it.
        }
        return participant
    }

    /// Lowers someone's hand. Throws `notFound(.participant)`, `conflict(.participantGone)`.
    public func lowerHand(of id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller) async throws {
        let host = try await host(caller, meeting)
        _ = try await present(id, in: meeting)
        let hands = RaisedHands(moderation: moderation, media: media, journal: journal)
        _ = try await hands.set(false, of: id, in: meeting, by: host)
    }

    // MARK: Inside

    private func host(_ caller: MeetingCaller, _ meeting: MeetingID) async throws -> MeetingStanding {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireHost()
        return standing
    }

    private func present(_ id: ParticipantID, in meeting: MeetingID) async throws -> Participant {
        guard let participant = try await participants.participant(id), participant.meetingID == meeting else {
            throw ConferenceError.notFound(.participant)
        }
        guard participant.leftAt == nil, participant.removedAt == nil, participant.admittedAt != nil else {
            throw ConferenceError.conflict(.participantGone)
        }
        return participant
    }
}

extension MediaParticipant {
    /// The tracks with which they send at this moment.
    func tracks(of source: MutedSource) -> [MediaTrack] {
        tracks.filter { track in
            switch source {
            case .microphone: track.source == .microphone && !track.isMuted
            case .camera: track.source == .camera && !track.isMuted
            case .screenShare: track.source == .screenShare || track.source == .screenShareAudio
            }
        }
    }

    func sends(_ source: MutedSource) -> Bool { !tracks(of: source).isEmpty }
}
