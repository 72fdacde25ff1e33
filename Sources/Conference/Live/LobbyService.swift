import FoundationEssentials

/// The lobby as hosts see it.
public struct LobbyService: Sendable {
    private let access: MeetingAccess
    private let lobby: any LobbyStoring
    private let journal: MeetingJournal

    public init(access: MeetingAccess, lobby: any LobbyStoring, journal: MeetingJournal) {
        self.access = access
        self.lobby = lobby
        self.journal = journal
    }

    /// Lets someone in. Who is in already stays in.
    ///
    /// Throws `notFound(.participant)`, `conflict(.participantNotWaiting)`, `meetingFull`, `meetingEnded`, `forbidden`.
    public func admit(_ id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller) async throws -> Participant
    {
        let host = try await host(caller, meeting)
        let now = journal.clock.now
        let outcome = try await journal.atomically {
            let outcome = try await lobby.admit(
                id, in: meeting, knockedAfter: now - Limits.knockLifetime, at: now,
                seatHeldUntil: now + Limits.joinTokenLifetime)
            if case .admitted = outcome { try await journal.record(.participantAdmitted, by: host, about: id) }
            return outcome
        }
        switch outcome {
        case .missing: throw ConferenceError.notFound(.participant)
        case .notWaiting: throw ConferenceError.conflict(.participantNotWaiting)
        case .full: throw ConferenceError.meetingFull
        case .ended: throw ConferenceError.meetingEnded
        case .already(let participant): return participant
        case .admitted(let participant, _):
            await tellAdmitted(participant)
            return participant
        }
    }

    /// Lets in, in the order of their coming, all who wait and for whom there is a seat. Throws `meetingEnded`,
    /// `forbidden`.
    public func admitAll(in meeting: MeetingID, by caller: MeetingCaller) async throws -> GroupAdmission {
        let host = try await host(caller, meeting)
        let now = journal.clock.now
        let outcome = try await journal.atomically {
            let outcome = try await lobby.admitAll(
                in: meeting, knockedAfter: now - Limits.knockLifetime, at: now,
                seatHeldUntil: now + Limits.joinTokenLifetime)
            guard let outcome else { throw ConferenceError.notFound(.meeting) }
            for participant in outcome.admitted {
                try await journal.record(.participantAdmitted, by: host, about: participant.id)
            }
            return outcome
        }
        for participant in outcome.admitted { await tellAdmitted(participant) }
        return outcome
    }

    /// Turns someone away. Throws `notFound(.participant)`, `conflict(.participantNotWaiting)`, `forbidden`.
    public func deny(_ id: ParticipantID, in meeting: MeetingID, by caller: MeetingCaller) async throws {
        let host = try await host(caller, meeting)
        let outcome = try await journal.atomically {
            let outcome = try await lobby.deny(id, in: meeting, at: journal.clock.now)
            if case .denied = outcome { try await journal.record(.participantDenied, by: host, about: id) }
            return outcome
        }
        switch outcome {
        case .missing: throw ConferenceError.notFound(.participant)
        case .notWaiting: throw ConferenceError.conflict(.participantNotWaiting)
        case .already: return
        case .denied(let participant):
            await journal.tellPerson(.participantDenied, participant)
            await journal.tellLobbyLeft(participant, .denied)
        }
    }

    /// Ends the waiting of those whom no host has answered. Returns how many there were.
    public func endUnansweredKnocks() async throws -> Int {
        let now = journal.clock.now
        let ended = try await lobby.endKnocks(before: now - Limits.knockLifetime, at: now)
        for participant in ended { await journal.tellLobbyLeft(participant, .unanswered) }
        return ended.count
    }

    private func host(_ caller: MeetingCaller, _ meeting: MeetingID) async throws -> MeetingStanding {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireHost()
        return standing
    }

    private func tellAdmitted(_ participant: Participant) async {
        await journal.tellPerson(.participantAdmitted, participant)
        await journal.tellLobbyLeft(participant, .admitted)
    }
}

extension MeetingJournal {
    /// Tells the hosts that someone waits no longer.
    func tellLobbyLeft(_ participant: Participant, _ status: ParticipantStatus) async {
        await tell(
            .lobbyLeft, in: participant.meetingID, to: .hosts,
            ["participantId": .string(participant.id.description), "status": .string(status.rawValue)])
    }
}
