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
    /// The media server's token for those who were let in.
    public struct Token: Hashable, Sendable {
        /// Secret: never in a log.
        public let text: String
        public let grants: RoomGrants
        public let expiresAt: Date
    }

    /// Shows the API, about this meeting, who calls: also while they wait in the lobby.
    public struct Key: Hashable, Sendable {
        /// Secret: never in a log or a URL.
        public let text: String
        public let expiresAt: Date
    }

    public let meeting: Meeting
    public let participant: Participant
    public let key: Key
    /// Nil: waits in the lobby until a host lets them in.
    public let token: Token?
}

/// Lets people into meetings.
public struct JoinService: Sendable {
    private let participants: any ParticipantStoring
    private let hasher: any PasswordHashing
    private let limiter: any RateLimiting
    private let tokens: any TokenIssuing
    private let keys: any ParticipantKeySigning
    private let clock: any WallClock
    private let ids: any IDGenerating

    public init(
        participants: any ParticipantStoring, hasher: any PasswordHashing, limiter: any RateLimiting,
        tokens: any TokenIssuing, keys: any ParticipantKeySigning, clock: any WallClock, ids: any IDGenerating
    ) {
        self.participants = participants
        self.hasher = hasher
        self.limiter = limiter
        self.tokens = tokens
        self.keys = keys
        self.clock = clock
        self.ids = ids
    }

    /// Checks the door, records the participant and signs their token.
    ///
    /// Throws `invalid` (display name), `notFound(.meeting)`, `meetingEnded`, `meetingLocked`, `passcodeRequired`,
    /// `wrongPasscode`, `tooManyAttempts`, `meetingFull`, `forbidden` (a guest who names the meeting by its id), `busy`,
    /// `unavailable`.
    public func join(_ request: JoinRequest) async throws -> JoinTicket {
        let (principal, name) = try identify(request)
        var verified: PasswordHash?
        // The second round follows a right passcode; the third one, a passcode that was changed at that very moment.
        for _ in 0..<3 {
            let attempt = attempt(request.meeting, principal, name, verified)
            switch try await participants.join(attempt) {
            case .missing:
                throw ConferenceError.notFound(.meeting)
            case .recorded(let participant, let meeting):
                return try ticket(participant, meeting)
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

    private func ticket(_ participant: Participant, _ meeting: Meeting) throws -> JoinTicket {
        let expiresAt = clock.now + Limits.participantKeyLifetime
        let key = JoinTicket.Key(
            text: keys.key(
                for: ParticipantClaim(meetingID: meeting.id, participantID: participant.id, expiresAt: expiresAt)),
            expiresAt: expiresAt)
        guard let admittedAt = participant.admittedAt else {
            return JoinTicket(meeting: meeting, participant: participant, key: key, token: nil)
        }
        let grants = RoomGrants(role: participant.role, settings: meeting.settings)
        let text = try tokens.token(
            for: RoomTokenRequest(
                room: meeting.id, identity: participant.id, name: participant.displayName, role: participant.role,
                grants: grants, lifetime: Limits.joinTokenLifetime))
        let token = JoinTicket.Token(text: text, grants: grants, expiresAt: admittedAt + Limits.joinTokenLifetime)
        return JoinTicket(meeting: meeting, participant: participant, key: key, token: token)
    }
}
