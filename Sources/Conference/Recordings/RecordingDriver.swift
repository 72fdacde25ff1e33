import FoundationEssentials

/// Does what the state machine says is to be done: asks the recorder, looks into the bucket, deletes.
///
/// Any number of instances may do this on one database. A recording is claimed for a while before it is looked after. The one
/// step that must not be done twice, asking the recorder to begin, is written down first, on the condition that nobody wrote
/// since: whoever wins asks. Everything else may be repeated. What is learned is put into the recording as it is by then, so
/// that webhooks and people may change it meanwhile.
public struct RecordingDriver: EgressEventHandling {
    private let store: any RecordingStoring
    private let recorder: any MediaRecording
    private let files: any RecordingFileStoring
    private let events: any MeetingEventPublishing
    private let audit: any AuditLogging
    private let clock: any WallClock
    private let limits: RecordingLimits
    private let onTrouble: @Sendable (Recording, any Error) -> Void
    private let onChange: @Sendable (_ before: RecordingState, _ after: Recording) -> Void

    /// - Parameters:
    ///   - onTrouble: hears what kept a step from being done; it is tried again.
    ///   - onChange: hears of every change of state that this instance made.
    public init(
        store: any RecordingStoring, recorder: any MediaRecording, files: any RecordingFileStoring,
        events: any MeetingEventPublishing, audit: any AuditLogging, clock: any WallClock, limits: RecordingLimits,
        onTrouble: @escaping @Sendable (Recording, any Error) -> Void = { _, _ in },
        onChange: @escaping @Sendable (_ before: RecordingState, _ after: Recording) -> Void = { _, _ in }
    ) {
        self.store = store
        self.recorder = recorder
        self.files = files
        self.events = events
        self.audit = audit
        self.clock = clock
        self.limits = limits
        self.onTrouble = onTrouble
        self.onChange = onChange
    }

    /// Picks a recording that is due, for ``attend(_:)``. Nil when none is.
    public func claimNext() async throws -> Recording? {
        let now = clock.now
        return try await store.claim(dueAt: now, until: now + limits.lease)
    }

    /// Does the next step of a recording that was claimed.
    public func attend(_ claimed: Recording) async throws {
        let now = clock.now
        var machine = RecordingStateMachine(claimed, limits: limits)
        machine.apply(.time, at: now)
        if machine.recording.state != claimed.state {
            machine.callKeeper(at: now)
            _ = try await write(machine.recording, after: claimed, log: Self.retention)
            return
        }
        do {
            try await perform(machine.action(at: now), claimed)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            onTrouble(claimed, error)
            try await settle(claimed.id, .time, byKeeper: true)
        }
    }

    /// Stores what the recorder says. Looking into the bucket is left to ``attend(_:)``.
    public func handle(_ egress: MediaEgress, at moment: Date) async throws {
        let keys = egress.files.map(\.name)
        guard let recording = try await store.recording(egressID: egress.id, objectKeys: keys) else { return }
        let stored = try await settle(recording.id, .report(egress), byKeeper: false)
        try await stopUnlessOurs(egress, stored)
    }

    /// What the audit log gets together with a change.
    typealias Log = (_ before: Recording, _ after: Recording) -> AuditEntry?

    /// Puts something that people want into a recording. Nil when it is gone.
    func apply(
        _ input: RecordingStateMachine.Input, to id: RecordingID, log: Log? = nil
    ) async throws -> Recording? {
        try await settle(id, input, byKeeper: false, log: log)
    }

    private static func retention(_ before: Recording, _ after: Recording) -> AuditEntry? {
        guard after.state == .deleting else { return nil }
        return AuditEntry(
            .recordingDeleted, actor: nil, subject: after.id.uuid, at: after.updatedAt,
            details: ["reason": "retention", "meeting": "\(after.meetingID)"])
    }

    private func perform(_ action: RecordingStateMachine.Action?, _ recording: Recording) async throws {
        switch action {
        case .start(let request, let isRepeated):
            if isRepeated, try await find(recording) { return }
            try await start(request, recording)
        case .find:
            if try await !find(recording) { try await settle(recording.id, .unlisted, byKeeper: true) }
        case .look(let egressID):
            let egress = try await recorder.recording(egressID)
            try await settle(recording.id, egress.map { .report($0) } ?? .unknown, byKeeper: true)
        case .stop(let egressID):
            let egress = try await recorder.stopRecording(egressID)
            try await settle(recording.id, egress.map { .report($0) } ?? .unknown, byKeeper: true)
        case .inspect:
            let size = try await files.size(of: recording.objectKey)
            try await settle(recording.id, .object(size: size), byKeeper: true)
        case .remove:
            try await files.delete(recording.objectKey)
            guard try await store.remove(recording, at: clock.now) else { return }
            await publish(recording, state: RecordingState.deletedName)
        case nil: try await settle(recording.id, .time, byKeeper: true)
        }
    }

    /// Asks the recorder to begin, once it is written down that this is done now.
    private func start(_ request: MediaRecordingRequest, _ recording: Recording) async throws {
        let now = clock.now
        var machine = RecordingStateMachine(recording, limits: limits)
        machine.apply(.begin, at: now)
        machine.reschedule(at: now)
        guard try await write(machine.recording, after: recording) != nil else { return }
        do {
            let egress = try await recorder.startRecording(request)
            try await stopUnlessOurs(egress, settle(recording.id, .answered(egress), byKeeper: true))
        } catch let error as ConferenceError {
            onTrouble(recording, error)
            switch error {
            case .unavailable(service: MediaRecordingService.recorder, _):
                let reason = RecordingFailure.noRecorder(for: recording.kind)
                try await settle(recording.id, .refused(reason), byKeeper: true)
            case .notFound: try await settle(recording.id, .noRoom, byKeeper: true)
            // Nobody knows what came of it: looked for later.
            default: try await settle(recording.id, .time, byKeeper: true)
            }
        }
    }

    /// Whether the media server has the recording under a name that we don't know yet, or may have it.
    private func find(_ recording: Recording) async throws -> Bool {
        let listed = try await recorder.recordings(in: recording.meetingID)
        if let ours = listed.first(where: { egress in egress.files.contains { $0.name == recording.objectKey } }) {
            try await settle(recording.id, .report(ours), byKeeper: true)
            return true
        }
        // One that has just begun doesn't tell its file's name yet.
        for egress in listed where egress.files.isEmpty && !egress.status.isFinal {
            guard try await store.recording(egressID: egress.id, objectKeys: []) == nil else { continue }
            try await settle(recording.id, .time, byKeeper: true)
            return true
        }
        return false
    }

    /// Two attempts to begin may both have been taken after all; nobody shall be recorded unseen.
    private func stopUnlessOurs(_ egress: MediaEgress, _ stored: Recording?) async throws {
        guard !egress.status.isFinal, stored?.egressID != egress.id else { return }
        _ = try await recorder.stopRecording(egress.id)
    }

    /// Puts what happened into the recording as it is now. Nil when it is gone.
    @discardableResult
    private func settle(
        _ id: RecordingID, _ input: RecordingStateMachine.Input, byKeeper: Bool, log: Log? = nil
    ) async throws -> Recording? {
        while let current = try await store.recording(id) {
            let now = clock.now
            var machine = RecordingStateMachine(current, limits: limits)
            machine.apply(input, at: now)
            if byKeeper {
                machine.reschedule(at: now)
            } else {
                guard machine.recording != current else { return current }
                machine.callKeeper(at: now)
            }
            if let stored = try await write(machine.recording, after: current, log: log) { return stored }
            try Task.checkCancellation()
        }
        return nil
    }

    /// Nil when someone else wrote first.
    private func write(
        _ changed: Recording, after before: Recording, log: Log? = nil
    ) async throws -> Recording? {
        var changed = changed
        changed.updatedAt = clock.now
        let outcome =
            if let entry = log?(before, changed) {
                try await audit.atomically { [changed] in
                    let outcome = try await store.update(changed)
                    if case .updated = outcome { try await audit.record(entry) }
                    return outcome
                }
            } else {
                try await store.update(changed)
            }
        guard case .updated(let stored) = outcome else { return nil }
        if stored.state != before.state {
            onChange(before.state, stored)
            await publish(stored, state: stored.state.rawValue)
        }
        return stored
    }

    func publish(_ recording: Recording, state: String) async {
        var data: [String: MeetingEvent.Value] = [
            "recordingId": .string("\(recording.id)"), "kind": .string(recording.kind.rawValue),
            "state": .string(state), "active": .bool(recording.state.isRunning),
        ]
        if let recorded = recording.participantID { data["recordedId"] = .string("\(recorded)") }
        await events.publish(
            MeetingEvent(.recordingChanged, in: recording.meetingID, at: clock.now, data: data))
    }
}

extension RecordingState {
    /// What events and the timeline say of a recording that is no more.
    public static let deletedName = "deleted"
}

/// The names of what `ConferenceError.unavailable` says is away.
public enum MediaRecordingService {
    /// The media server answers, but no recorder takes the work.
    public static let recorder = "recorder"
}
