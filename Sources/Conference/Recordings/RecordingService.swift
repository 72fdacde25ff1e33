import FoundationEssentials

/// A wish to record.
public struct RecordingRequest: Hashable, Sendable {
    public let kind: RecordingKind
    /// Whom to record; exactly for recordings of one person.
    public let participantID: ParticipantID?

    public init(kind: RecordingKind, participantID: ParticipantID? = nil) {
        self.kind = kind
        self.participantID = participantID
    }
}

/// Where a recording's file can be read for a while.
public struct RecordingLink: Hashable, Sendable {
    public enum Purpose: String, Sendable, CaseIterable { case play, download }

    /// Secret: never in a log.
    public let url: String
    public let expiresAt: Date
    public let fileName: String
    public let contentType: String
}

/// Recordings as people start, stop, list, read and delete them. What they want is written down; a keeper does it.
public struct RecordingService: Sendable {
    public let offers: RecordingOffers
    private let store: any RecordingStoring
    private let meetings: any MeetingStoring
    private let participants: any ParticipantStoring
    private let access: MeetingAccess
    private let driver: RecordingDriver
    private let files: any RecordingFileStoring
    private let audit: any AuditLogging
    private let clock: any WallClock
    private let ids: any IDGenerating
    private let wakeKeeper: @Sendable () -> Void

    /// - Parameter wakeKeeper: called after something was written that the keeper should see to at once.
    public init(
        offers: RecordingOffers, store: any RecordingStoring, meetings: any MeetingStoring,
        participants: any ParticipantStoring, driver: RecordingDriver, files: any RecordingFileStoring,
        audit: any AuditLogging, clock: any WallClock, ids: any IDGenerating,
        wakeKeeper: @escaping @Sendable () -> Void = {}
    ) {
        self.offers = offers
        self.store = store
        self.meetings = meetings
        self.participants = participants
        access = MeetingAccess(meetings: meetings, participants: participants)
        self.driver = driver
        self.files = files
        self.audit = audit
        self.clock = clock
        self.ids = ids
        self.wakeKeeper = wakeKeeper
    }

    /// Throws `invalid`, `recordingNotOffered`, `conflict(.recordingRunning)`, `conflict(.recordersBusy)`,
    /// `conflict(.meetingNotLive)`, `meetingEnded`, `notFound(.participant)`, and as `MeetingStanding.require(_:)`.
    public func start(
        _ request: RecordingRequest, in id: MeetingID, by caller: MeetingCaller
    ) async throws -> Recording {
        let standing = try await access.standing(of: caller, in: id)
        try standing.require(standing.meeting.settings.record)
        if (request.kind == .participant) != (request.participantID != nil) {
            throw ConferenceError.invalid([
                FieldProblem("participantId", "belongs to recordings of kind participant, which must have it")
            ])
        }
        if let obstacle = offers.offer(request.kind).obstacle {
            throw ConferenceError.recordingNotOffered(reason: obstacle)
        }
        switch standing.meeting.state {
        case .ended: throw ConferenceError.meetingEnded
        case .scheduled: throw ConferenceError.conflict(.meetingNotLive)
        case .live: break
        }
        if let participant = request.participantID { try await checkPresent(participant, in: id) }
        let taken = try await store.runningKinds().reduce(0) { $0 + $1.processors }
        guard taken + request.kind.processors <= offers.processors else {
            if try await isRunning(request, in: id) { throw ConferenceError.conflict(.recordingRunning) }
            throw ConferenceError.conflict(.recordersBusy)
        }
        let now = clock.now
        let recording = Recording(
            id: RecordingID(ids.next()), meetingID: id, requestedBy: standing.accountID, kind: request.kind,
            participantID: request.participantID, createdAt: now, checkAt: now)
        try await audit.atomically {
            try await store.insert(recording)
            try await audit.record(Self.entry(.recordingStarted, recording, by: standing, at: now))
        }
        await driver.publish(recording, state: recording.state.rawValue)
        wakeKeeper()
        return recording
    }

    /// Stopping what has ended changes nothing. Throws `forbidden`, `notFound(.recording)`, and as `MeetingAccess`.
    public func stop(
        _ id: RecordingID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> Recording {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireHost()
        guard try await store.recording(id)?.meetingID == meeting else { throw ConferenceError.notFound(.recording) }
        let after = try await driver.apply(.stop, to: id) { before, after in
            guard after.stopRequestedAt != before.stopRequestedAt else { return nil }
            return Self.entry(.recordingStopped, after, by: standing, at: after.updatedAt)
        }
        guard let after else { throw ConferenceError.notFound(.recording) }
        wakeKeeper()
        return after
    }

    /// A meeting's recordings, newest first: all for hosts; for others, so that they know, those that run.
    public func list(
        in meeting: MeetingID, _ page: PageRequest, by caller: MeetingCaller
    ) async throws -> Page<Recording> {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireAdmitted()
        let filter = RecordingFilter(meeting: meeting, states: standing.isHost ? nil : RecordingState.running)
        return try await self.page(filter, page)
    }

    /// Those of one's own meetings, newest first; for administrators with `everybodys`, of all.
    public func list(
        _ page: PageRequest, state: RecordingState? = nil, everybodys: Bool = false, by actor: Principal
    ) async throws -> Page<Recording> {
        if everybodys { try actor.requireAdmin() }
        let filter = RecordingFilter(owner: everybodys ? nil : actor.accountID, states: state.map { [$0] })
        return try await self.page(filter, page)
    }

    /// Whether anyone in the meeting is recorded, or about to be: what those who only have the link are told first. Throws
    /// `notFound(.meeting)`.
    public func isRunning(at code: JoinCode) async throws -> Bool {
        guard let meeting = try await meetings.meeting(.code(code)) else { throw ConferenceError.notFound(.meeting) }
        return try await store.isRunning(in: meeting.id)
    }

    /// Throws `notFound(.recording)` unless `actor` manages its meeting.
    public func recording(_ id: RecordingID, by actor: Principal) async throws -> Recording {
        try await managed(id, by: actor).recording
    }

    /// Throws `notFound(.recording)`, `conflict(.recordingNotReady)`.
    public func link(
        to id: RecordingID, for purpose: RecordingLink.Purpose, by actor: Principal
    ) async throws -> RecordingLink {
        let (recording, meeting) = try await managed(id, by: actor)
        guard recording.state == .ready else { throw ConferenceError.conflict(.recordingNotReady) }
        let name = RecordingFileName(recording, of: meeting)
        let now = clock.now
        let lifetime = purpose == .play ? Limits.recordingPlayLifetime : Limits.recordingDownloadLifetime
        let url = try files.address(
            of: recording.objectKey, contentType: recording.kind.contentType,
            disposition: name.disposition(for: purpose), for: lifetime)
        try await audit.record(
            AuditEntry(
                .recordingDownloaded, actor: actor.accountID, subject: id.uuid, at: now,
                details: ["purpose": purpose.rawValue, "meeting": "\(recording.meetingID)"]))
        return RecordingLink(
            url: url, expiresAt: now + lifetime, fileName: name.text, contentType: recording.kind.contentType)
    }

    /// Sets when the recording is deleted by itself; nil for never.
    /// Throws `notFound(.recording)`, `invalid` for a moment that has passed.
    public func setDeleteAfter(
        _ moment: Date?, of id: RecordingID, by actor: Principal
    ) async throws -> Recording {
        var recording = try await managed(id, by: actor).recording
        if let moment, moment <= clock.now {
            throw ConferenceError.invalid([
                FieldProblem("deleteAfter", "must lie in the future; to delete at once, delete")
            ])
        }
        while true {
            var changed = recording
            changed.deleteAfter = moment
            changed.updatedAt = clock.now
            if changed.state == .ready || changed.state == .failed, changed.checkAt == recording.deleteAfter {
                changed.checkAt = moment
            }
            if case .updated(let stored) = try await store.update(changed) { return stored }
            try Task.checkCancellation()
            recording = try await managed(id, by: actor).recording
        }
    }

    /// Has the file deleted, then the recording. Throws `notFound(.recording)`, `conflict(.recordingRunning)`.
    public func delete(_ id: RecordingID, by actor: Principal) async throws {
        let before = try await managed(id, by: actor).recording
        guard !before.state.isRunning, before.state != .uploaded else {
            throw ConferenceError.conflict(.recordingRunning)
        }
        _ = try await driver.apply(.delete, to: id) { before, after in
            guard before.state != .deleting, after.state == .deleting else { return nil }
            return AuditEntry(
                .recordingDeleted, actor: actor.accountID, subject: id.uuid, at: after.updatedAt,
                details: ["meeting": "\(after.meetingID)"])
        }
        wakeKeeper()
    }

    private func managed(
        _ id: RecordingID, by actor: Principal
    ) async throws -> (recording: Recording, meeting: Meeting) {
        guard let recording = try await store.recording(id),
            let meeting = try await meetings.meeting(.id(recording.meetingID)), meeting.isManaged(by: actor)
        else { throw ConferenceError.notFound(.recording) }
        return (recording, meeting)
    }

    private func page(_ filter: RecordingFilter, _ page: PageRequest) async throws -> Page<Recording> {
        let before = page.cursor.map { RecordingID($0.after) }
        return .cut(
            try await store.recordings(filter, before: before, limit: page.limit + 1), limit: page.limit, id: \.id.uuid)
    }

    private func checkPresent(_ id: ParticipantID, in meeting: MeetingID) async throws {
        guard let participant = try await participants.participant(id), participant.meetingID == meeting,
            participant.admittedAt != nil, participant.leftAt == nil
        else { throw ConferenceError.notFound(.participant) }
    }

    private func isRunning(_ request: RecordingRequest, in meeting: MeetingID) async throws -> Bool {
        let filter = RecordingFilter(meeting: meeting, states: RecordingState.running)
        return try await store.recordings(filter, before: nil, limit: 100)
            .contains { $0.kind == request.kind && $0.participantID == request.participantID }
    }

    private static func entry(
        _ action: AuditEntry.Action, _ recording: Recording, by standing: MeetingStanding, at moment: Date
    ) -> AuditEntry {
        var details = ["kind": recording.kind.rawValue, "meeting": "\(recording.meetingID)"]
        if standing.accountID == nil { details["participant"] = standing.participant.map { "\($0.id)" } }
        return AuditEntry(
            action, actor: standing.accountID, subject: recording.id.uuid, at: moment, details: details)
    }
}
