import FoundationEssentials

/// What becomes of a recording: decisions without I/O.
///
/// Nothing but the recording itself is remembered, so what is to be done next (``action(at:)``) follows from what is stored:
/// whoever finds the recording after a crash goes on where the other one was. Reports of the recorder may come in any order and
/// more than once; a final status is never taken back.
public struct RecordingStateMachine: Sendable {
    /// Something that happened.
    public enum Input: Hashable, Sendable {
        /// The recorder is asked to begin, now.
        case begin
        /// The recorder took the work.
        case answered(MediaEgress)
        /// No recorder took the work, for sure.
        case refused(String)
        /// There is no room to record.
        case noRoom
        /// The media server was asked for the meeting's recordings, and this one isn't among them.
        case unlisted
        /// The recorder's status, heard or looked up.
        case report(MediaEgress)
        /// The media server was asked for this recording and doesn't know it.
        case unknown
        /// Someone wants it to end.
        case stop
        /// The bucket was looked into; nil: there is no such object.
        case object(size: Int?)
        /// Someone wants it deleted.
        case delete
        /// Time passed.
        case time
    }

    public private(set) var recording: Recording
    let limits: RecordingLimits

    public init(_ recording: Recording, limits: RecordingLimits) {
        self.recording = recording
        self.limits = limits
    }

    public mutating func apply(_ input: Input, at now: Date) {
        // The clock was ahead when the state began: its time counts from now on.
        recording.stateSince = min(recording.stateSince, now)
        switch input {
        case .begin: begin(now)
        case .answered(let egress): report(egress, isAnswer: true, now)
        case .refused(let reason): if awaitsAnswer { tryAgain(reason, now) }
        case .noRoom: if awaitsAnswer { fail(RecordingFailure.noRoom, now) }
        case .unlisted: if awaitsAnswer, age(now) >= limits.startTrace { tryAgain(RecordingFailure.noTrace, now) }
        case .report(let egress): report(egress, isAnswer: false, now)
        case .unknown: unknown(now)
        case .stop: stop(now)
        case .object(let size): object(size, now)
        case .delete: if recording.state == .ready || recording.state == .failed { enter(.deleting, now) }
        case .time: time(now)
        }
    }

    /// The recorder was asked, and it isn't known what it made of that.
    private var awaitsAnswer: Bool { recording.state == .starting && recording.egressID == nil }

    /// How long the state has been what it is.
    func age(_ now: Date) -> Duration { .seconds(now.timeIntervalSince(recording.stateSince)) }

    mutating func setCheck(_ moment: Date?) { recording.checkAt = moment }

    private mutating func enter(_ state: RecordingState, _ now: Date) {
        recording.state = state
        recording.stateSince = now
    }

    private mutating func fail(_ reason: String, _ now: Date) {
        enter(.failed, now)
        recording.failure = reason
        recording.endedAt = recording.endedAt ?? recording.startedAt.map { max($0, now) }
        keepForRetention(now)
    }

    private mutating func keepForRetention(_ now: Date) {
        if recording.deleteAfter == nil, let retention = limits.retention { recording.deleteAfter = now + retention }
    }

    private mutating func begin(_ now: Date) {
        guard recording.state == .requested else { return }
        enter(.starting, now)
        recording.startAttempts += 1
    }

    private mutating func tryAgain(_ reason: String, _ now: Date) {
        if recording.stopRequestedAt != nil { return fail(RecordingFailure.stoppedEarly, now) }
        guard recording.startAttempts < limits.startAttempts, now < recording.createdAt + limits.start else {
            return fail(reason, now)
        }
        enter(.requested, now)
        recording.failure = reason
    }

    private mutating func stop(_ now: Date) {
        guard recording.state.isRunning else { return }
        recording.stopRequestedAt = recording.stopRequestedAt ?? now
        switch recording.state {
        case .requested: fail(RecordingFailure.stoppedEarly, now)
        case .starting where recording.egressID == nil: break
        case .starting, .active: enter(.ending, now)
        default: break
        }
    }

    private mutating func unknown(_ now: Date) {
        guard recording.egressID != nil, recording.egressStatus?.isFinal != true, age(now) >= limits.unknown else {
            return
        }
        // Nothing is there any more that could be stopped.
        recording.egressStatus = .aborted
        if recording.state.isRunning { fail(RecordingFailure.forgotten, now) }
    }

    private mutating func object(_ size: Int?, _ now: Date) {
        guard recording.state == .uploaded, let reported = recording.sizeBytes else { return }
        guard size != reported else {
            enter(.ready, now)
            recording.readyAt = now
            recording.failure = nil
            return keepForRetention(now)
        }
        guard age(now) >= limits.object else { return }
        fail(
            size.map { RecordingFailure.otherSize($0, reported: reported) } ?? RecordingFailure.missing(reported), now)
    }

    private mutating func time(_ now: Date) {
        switch recording.state {
        case .requested:
            if now >= recording.createdAt + limits.start {
                fail(recording.failure ?? RecordingFailure.notTakenUp, now)
            }
        case .starting where recording.egressID == nil:
            if age(now) >= limits.startSilence { fail(RecordingFailure.noAnswer, now) }
        case .starting: if age(now) >= limits.beginning { fail(RecordingFailure.neverBegan, now) }
        case .active: if now >= (recording.startedAt ?? recording.stateSince) + limits.length { stop(now) }
        case .ending: if age(now) >= limits.ending { fail(RecordingFailure.neverEnded, now) }
        case .uploaded: if age(now) >= limits.storageSilence { fail(RecordingFailure.storageAway, now) }
        case .ready, .failed: if let end = recording.deleteAfter, now >= end { enter(.deleting, now) }
        case .deleting: break
        }
    }
}

// MARK: What the recorder says

extension RecordingStateMachine {
    private mutating func report(_ egress: MediaEgress, isAnswer: Bool, _ now: Date) {
        if recording.egressID == nil, isAnswer || egress.files.contains(where: { $0.name == recording.objectKey }) {
            recording.egressID = egress.id
        }
        guard egress.id == recording.egressID else { return }
        let hadFile = hasFile
        if rank(egress.status) > recording.egressStatus.map(rank) ?? -1 { recording.egressStatus = egress.status }
        if let start = egress.startedAt { recording.startedAt = min(start, recording.startedAt ?? start) }
        if egress.status.isFinal { takeResult(of: egress, now) }
        if let end = recording.endedAt, let start = recording.startedAt { recording.endedAt = max(end, start) }
        follow(egress, isFileNew: hasFile && !hadFile, now)
    }

    /// The recorder has said that the file is whole.
    private var hasFile: Bool {
        (recording.egressStatus == .complete || recording.egressStatus == .limitReached) && recording.sizeBytes != nil
    }

    private mutating func takeResult(of egress: MediaEgress, _ now: Date) {
        recording.endedAt = egress.endedAt ?? recording.endedAt ?? now
        guard let file = egress.files.first(where: { $0.name == recording.objectKey }) ?? egress.files.first,
            file.size > 0, recording.state != .ready
        else { return }
        recording.sizeBytes = max(Int(clamping: file.size), recording.sizeBytes ?? 0)
        recording.duration = max(file.duration, recording.duration ?? .zero)
    }

    /// Brings the state to where the recorder is.
    private mutating func follow(_ egress: MediaEgress, isFileNew: Bool, _ now: Date) {
        let status = recording.egressStatus ?? .starting
        switch recording.state {
        case .requested, .starting, .active, .ending:
            switch status {
            case .complete, .limitReached: hasFile ? succeed(now) : fail(RecordingFailure.noFile, now)
            case .failed: fail(RecordingFailure.recorder(egress.error), now)
            case .aborted:
                let isWanted = recording.stopRequestedAt != nil
                fail(isWanted ? RecordingFailure.stoppedEarly : RecordingFailure.recorder(egress.error), now)
            case .ending: advance(to: .ending, now)
            case .active: advance(to: recording.stopRequestedAt == nil ? .active : .ending, now)
            case .starting, .unknown: advance(to: recording.stopRequestedAt == nil ? .starting : .ending, now)
            }
        case .failed:
            // Given up too early, or while the media server was away: the file is there after all.
            if isFileNew { succeed(now) }
        case .uploaded, .ready, .deleting: break
        }
    }

    private mutating func succeed(_ now: Date) {
        enter(.uploaded, now)
        recording.failure = nil
    }

    private mutating func advance(to state: RecordingState, _ now: Date) {
        let order: [RecordingState] = [.requested, .starting, .active, .ending]
        guard let here = order.firstIndex(of: recording.state), let there = order.firstIndex(of: state), there > here
        else { return }
        enter(state, now)
        recording.failure = nil
    }

    /// The higher stands when reports disagree, whichever came first.
    private func rank(_ status: MediaEgress.Status) -> Int {
        switch status {
        case .unknown: -1
        case .starting: 0
        case .active: 1
        case .ending: 2
        case .aborted: 3
        case .failed: 4
        case .limitReached: 5
        case .complete: 6
        }
    }
}
