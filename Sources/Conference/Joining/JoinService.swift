import FoundationEssentials

/// Who asks to join.
public enum Joiner: Hashable, Sendable {
    /// Someone signed in. `displayName` is what the session carries, or what they chose for this meeting.
    case account(Principal, displayName: String)
    case guest(displayName: String)
}

/// A wish to join a meeting.
public struct JoinRequest: Hashable, Sendable {
    public let meeting: MeetingReference
    public let joiner: Joiner
    public let passcode: String?
    /// The client's address; the key of the limit on guessing passcodes.
    public let clientAddress: String

    public init(meeting: MeetingReference, joiner: Joiner, passcode: String?, clientAddress: String) {
        self.meeting = meeting
        self.joiner = joiner
        self.passcode = passcode
        self.clientAddress = clientAddress
    }
}

/// What someone who joins gets.
public struct JoinTicket: Hashable, Sendable {
    /// Shows the API, about this meeting, who calls: also while they wait in the lobby.
    public struct Key: Hashable, Sendable {
        /// Secret: never in a log or a URL.
        public let text: String
        public let expiresAt: Date
    }

    public let meeting: Meeting
    public let participant: Participant
    /// Whether the meeting is being recorded.
    public let recordingActive: Bool
    public let key: Key
    /// Nil: waits in the lobby until a host lets them in.
    public let connection: RoomConnection?
}

/// Lets people into meetings.
public struct JoinService: Sendable {
    private let participants: any ParticipantStoring
    private let hasher: any PasswordHashing
    private let limiter: any RateLimiting
    private let doorway: Doorway
    private let keys: any ParticipantKeySigning
    private let journal: MeetingJournal
    private let clock: any WallClock
    private let ids: any IDGenerating

    public init(
        participants: any ParticipantStoring, hasher: any PasswordHashing, limiter: any RateLimiting,
        doorway: Doorway, keys: any ParticipantKeySigning, journal: MeetingJournal, clock: any WallClock,
        ids: any IDGenerating
    ) {
        self.participants = participants
        self.hasher = hasher
        self.limiter = limiter
        self.doorway = doorway
        self.keys = keys
        self.journal = journal
        self.clock = clock
        self.ids = ids
    }

    /// Checks the door, sees that there is a room behind it, records the participant and signs their token.
    ///
    /// Throws `invalid` (display name), `notFound(.meeting)`, `meetingEnded`, `meetingLocked`, `passcodeRequired`,
    /// `wrongPasscode`, `tooManyAttempts`, `meetingFull`, `removedFromMeeting`, `forbidden` (a guest who names the meeting
    /// by its id), `busy`, `unavailable` (then nothing was recorded).
    public func join(_ request: JoinRequest) async throws -> JoinTicket {
        let (principal, name) = try identify(request)
        var verified: PasswordHash?
        // The second round follows a right passcode; the third one, a passcode that was changed at that very moment.
        for _ in 0..<3 {
            let attempt = attempt(request.meeting, principal, name, verified)
            try await doorway.prepare(for: attempt)
            switch try await participants.join(attempt) {
            case .missing:
                throw ConferenceError.notFound(.meeting)
            case .recorded(let participant, let meeting, let recordingActive):
                return try await ticket(participant, meeting, recordingActive)
            case .keptOut:
                throw ConferenceError.removedFromMeeting
            case .refused(let meeting):
                guard let reason = meeting.refusal(of: attempt) else { throw ConferenceError.meetingFull }
                guard reason == .passcodeRequired, let hash = meeting.settings.passcodeHash,
                    let passcode = request.passcode
                else { throw reason }
                try await check(passcode, hash, meeting.id, request.clientAddress)
                verified = hash
            }
        }
        throw ConferenceError.wrongPasscode
    }

    private func identify(_ request: JoinRequest) throws -> (Principal?, DisplayName) {
        switch request.joiner {
        case .account(let principal, let name):
            return (principal, try DisplayName(name))
        case .guest(let name):
            // Ids appear in URLs of the API and in logs; only the link's code is a secret.
            guard case .code = request.meeting else { throw ConferenceError.forbidden }
            return (nil, try DisplayName(name))
        }
    }

    private func attempt(
        _ meeting: MeetingReference, _ principal: Principal?, _ name: DisplayName, _ verified: PasswordHash?
    ) -> JoinAttempt {
        let now = clock.now
        return JoinAttempt(
            meeting: meeting, participantID: ParticipantID(ids.next()), principal: principal, displayName: name,
            verifiedPasscodeHash: verified, at: now, seatHeldUntil: now + Limits.joinTokenLifetime)
    }

    private func check(_ passcode: String, _ hash: PasswordHash, _ meeting: MeetingID, _ address: String) async throws {
        guard Limits.passcodeBytes.contains(passcode.utf8.count) else { throw ConferenceError.wrongPasscode }
        try await takeGuess(Limits.passcodePerAddress, key: "\(meeting) \(address)")
        try await takeGuess(Limits.passcodePerMeeting, key: "\(meeting)")
        guard case .correct = try await hasher.verify(passcode, against: hash) else {
            throw ConferenceError.wrongPasscode
        }
    }

    private func takeGuess(_ bucket: RateLimitBucket, key: String) async throws {
        let decision = await limiter.take(bucket, key: key)
        guard decision.allowed else {
            throw ConferenceError.tooManyAttempts(retryAfter: decision.retryAfter ?? decision.resetAfter)
        }
    }

    private func ticket(
        _ participant: Participant, _ meeting: Meeting, _ recordingActive: Bool
    ) async throws -> JoinTicket {
        let expiresAt = clock.now + Limits.participantKeyLifetime
        let key = JoinTicket.Key(
            text: keys.key(
                for: ParticipantClaim(meetingID: meeting.id, participantID: participant.id, expiresAt: expiresAt)),
            expiresAt: expiresAt)
        guard participant.admittedAt != nil else {
            await knock(participant)
            return JoinTicket(
                meeting: meeting, participant: participant, recordingActive: recordingActive, key: key, connection: nil)
        }
        do {
            let connection = try await doorway.connection(for: participant, to: meeting)
            return JoinTicket(
                meeting: meeting, participant: participant, recordingActive: recordingActive, key: key,
                connection: connection)
        } catch {
            // The room went away since it was looked for. Nobody will use this seat.
            _ = try? await participants.leave(participant.id, at: clock.now)
            throw error
        }
    }

    private func knock(_ participant: Participant) async {
        await journal.tell(
            .lobbyKnocked, in: participant.meetingID, to: .hosts,
            [
                "participantId": .string(participant.id.description),
                "displayName": .string(participant.displayName.text), "role": .string(participant.role.rawValue),
            ])
    }
}
