import FoundationEssentials

/// Meetings as their owners and the administrators manage them.
///
/// Whoever doesn't manage a meeting gets `notFound`, as if it didn't exist.
public struct MeetingService: Sendable {
    private let meetings: any MeetingStoring
    private let hasher: any PasswordHashing
    private let audit: any AuditLogging
    private let clock: any WallClock
    private let ids: any IDGenerating
    private let random: any RandomSource

    public init(
        meetings: any MeetingStoring, hasher: any PasswordHashing, audit: any AuditLogging, clock: any WallClock,
        ids: any IDGenerating, random: any RandomSource
    ) {
        self.meetings = meetings
        self.hasher = hasher
        self.audit = audit
        self.clock = clock
        self.ids = ids
        self.random = random
    }

    /// Throws `invalid` with every problem at once.
    public func create(_ draft: MeetingDraft, by actor: Principal) async throws -> Meeting {
        var settings = MeetingSettings(
            lobby: draft.lobby, locked: draft.locked, capacity: draft.capacity, screenShare: draft.screenShare,
            chat: draft.chat, chatHistory: draft.chatHistory, record: draft.record, draw: draft.draw)
        var problems = FieldProblems()
        let title = problems.collect { try MeetingRules.title(draft.title) }
        problems.check(draft.passcode.flatMap(MeetingRules.passcodeProblem))
        MeetingRules.check(settings, &problems)
        MeetingRules.checkTimes(kind: draft.kind, start: draft.scheduledStart, end: draft.scheduledEnd, &problems)
        guard let title, problems.isEmpty else { throw problems.error }

        if let passcode = draft.passcode { settings.passcodeHash = try await hasher.hash(passcode) }
        let now = clock.now
        let meeting = Meeting(
            id: MeetingID(ids.next()), joinCode: JoinCode(random: random), ownerID: actor.accountID, title: title,
            kind: draft.kind, state: .scheduled, scheduledStart: draft.scheduledStart, scheduledEnd: draft.scheduledEnd,
            settings: settings, createdAt: now, updatedAt: now)
        try await audit.atomically {
            try await meetings.insert(meeting)
            try await log(.meetingCreated, meeting.id, by: actor.accountID, at: now)
        }
        return meeting
    }

    /// One's own meetings, newest first; for administrators with `everybodys`, all of them.
    public func list(
        _ page: PageRequest, state: MeetingState? = nil, everybodys: Bool = false, by actor: Principal
    ) async throws -> Page<Meeting> {
        if everybodys { try actor.requireAdmin() }
        let filter = MeetingFilter(owner: everybodys ? nil : actor.accountID, state: state)
        let before = page.cursor.map { MeetingID($0.after) }
        let fetched = try await meetings.meetings(filter, before: before, limit: page.limit + 1)
        return .cut(fetched, limit: page.limit, id: \.id.uuid)
    }

    /// Throws `notFound(.meeting)`.
    public func meeting(_ id: MeetingID, by actor: Principal) async throws -> Meeting {
        guard let meeting = try await meetings.meeting(.id(id)), meeting.isManaged(by: actor) else {
            throw ConferenceError.notFound(.meeting)
        }
        return meeting
    }

    /// What anybody with the link may see. Throws `notFound(.meeting)`.
    public func preview(_ code: JoinCode) async throws -> MeetingPreview {
        guard let meeting = try await meetings.meeting(.code(code)) else { throw ConferenceError.notFound(.meeting) }
        return MeetingPreview(meeting)
    }

    /// Applies `change` if the meeting's version is `version` (nil: whatever it is).
    ///
    /// Throws `conflict(.staleVersion)`, `meetingEnded`, `invalid`, `notFound(.meeting)`.
    public func update(
        _ id: MeetingID, _ change: MeetingChange, version: Int?, by actor: Principal
    ) async throws -> Meeting {
        try await update(try await meeting(id, by: actor), change, version: version, by: actor.accountID)
    }

    /// The same for whoever may do it; `actor` is nil for a host without an account.
    func update(
        _ meeting: Meeting, _ change: MeetingChange, version: Int?, by actor: AccountID?
    ) async throws -> Meeting {
        var meeting = meeting
        guard meeting.state != .ended else { throw ConferenceError.meetingEnded }
        if let version, version != meeting.version { throw ConferenceError.conflict(.staleVersion) }
        try apply(change, to: &meeting)
        switch change.passcode {
        case .unchanged: break
        case .set(nil): meeting.settings.passcodeHash = nil
        case .set(let passcode?): meeting.settings.passcodeHash = try await hasher.hash(passcode)
        }
        meeting.updatedAt = clock.now
        return try await audit.atomically { [meeting] in
            switch try await meetings.update(meeting) {
            case .missing: throw ConferenceError.notFound(.meeting)
            case .stale: throw ConferenceError.conflict(.staleVersion)
            case .updated(let stored):
                try await log(.meetingChanged, meeting.id, by: actor, at: stored.updatedAt)
                return stored
            }
        }
    }

    /// Ends the meeting for everybody. Ending an ended meeting changes nothing. Throws `notFound(.meeting)`.
    public func end(_ id: MeetingID, by actor: Principal) async throws -> Meeting {
        try await end(try await meeting(id, by: actor), by: actor.accountID)
    }

    /// The same for whoever may do it; `actor` is nil for a host without an account.
    func end(_ before: Meeting, by actor: AccountID?) async throws -> Meeting {
        let now = clock.now
        return try await audit.atomically {
            guard let after = try await meetings.end(before.id, at: now) else {
                throw ConferenceError.notFound(.meeting)
            }
            if after.version != before.version { try await log(.meetingEnded, before.id, by: actor, at: now) }
            return after
        }
    }

    /// Throws `notFound(.meeting)`, `conflict(.meetingHasRecordings)`.
    public func delete(_ id: MeetingID, by actor: Principal) async throws {
        _ = try await meeting(id, by: actor)
        try await audit.atomically {
            guard try await meetings.delete(id) else { throw ConferenceError.notFound(.meeting) }
            try await log(.meetingDeleted, id, by: actor.accountID, at: clock.now)
        }
    }

    private func apply(_ change: MeetingChange, to meeting: inout Meeting) throws {
        var problems = FieldProblems()
        if case .set(let raw) = change.title, let title = problems.collect({ try MeetingRules.title(raw) }) {
            meeting.title = title
        }
        if case .set(let passcode?) = change.passcode { problems.check(MeetingRules.passcodeProblem(passcode)) }
        change.scheduledStart.apply(to: &meeting.scheduledStart)
        change.scheduledEnd.apply(to: &meeting.scheduledEnd)
        change.lobby.apply(to: &meeting.settings.lobby)
        change.locked.apply(to: &meeting.settings.locked)
        change.capacity.apply(to: &meeting.settings.capacity)
        change.screenShare.apply(to: &meeting.settings.screenShare)
        change.chat.apply(to: &meeting.settings.chat)
        change.chatHistory.apply(to: &meeting.settings.chatHistory)
        change.record.apply(to: &meeting.settings.record)
        change.draw.apply(to: &meeting.settings.draw)
        MeetingRules.check(meeting.settings, &problems)
        MeetingRules.checkTimes(
            kind: meeting.kind, start: meeting.scheduledStart, end: meeting.scheduledEnd, &problems)
        guard problems.isEmpty else { throw problems.error }
    }

    private func log(_ action: AuditEntry.Action, _ id: MeetingID, by actor: AccountID?, at: Date) async throws {
        try await audit.record(AuditEntry(action, actor: actor, subject: id.uuid, at: at))
    }
}
