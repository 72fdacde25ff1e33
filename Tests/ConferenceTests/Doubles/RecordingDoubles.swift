import Conference
import FoundationEssentials
import Platform

/// Recordings in memory, with the rules that the port promises.
final class MemoryRecordingStore: RecordingStoring {
    private struct State {
        var recordings: [RecordingID: Recording] = [:]
    }

    private let state = Lock(State())
    /// Called before each call, and after those that change something; throws what the call shall fail with.
    let fault: @Sendable (String) throws -> Void

    init(fault: @escaping @Sendable (String) throws -> Void = { _ in }) {
        self.fault = fault
    }

    var all: [Recording] { state.withLock { Array($0.recordings.values) } }

    func put(_ recording: Recording) { state.withLock { $0.recordings[recording.id] = recording } }

    func insert(_ recording: Recording) async throws {
        try fault("insert")
        try state.withLock { state in
            let isTaken = state.recordings.values.contains {
                $0.state.isRunning && $0.meetingID == recording.meetingID && $0.kind == recording.kind
                    && $0.participantID == recording.participantID
            }
            if isTaken { throw ConferenceError.conflict(.recordingRunning) }
            state.recordings[recording.id] = recording
        }
    }

    func recording(_ id: RecordingID) async throws -> Recording? {
        try fault("recording")
        return state.withLock { $0.recordings[id] }
    }

    func recording(egressID: String, objectKeys: [String]) async throws -> Recording? {
        try fault("recordingOfEgress")
        return state.withLock { state in
            state.recordings.values.first { $0.egressID == egressID }
                ?? state.recordings.values.first { objectKeys.contains($0.objectKey) }
        }
    }

    func recordings(_ filter: RecordingFilter, before: RecordingID?, limit: Int) async throws -> [Recording] {
        try fault("recordings")
        let matching = all.filter { recording in
            (filter.meeting.map { $0 == recording.meetingID } ?? true)
                && (filter.states.map { $0.contains(recording.state) } ?? true)
                && (before.map { recording.id < $0 } ?? true)
        }
        return Array(matching.sorted { $0.id > $1.id }.prefix(limit))
    }

    func isRunning(in meeting: MeetingID) async throws -> Bool {
        all.contains { $0.meetingID == meeting && $0.state.isRunning }
    }

    func runningKinds() async throws -> [RecordingKind] { all.filter { $0.state.isRunning }.map(\.kind) }

    func unfinished() async throws -> [RecordingState: Int] {
        Dictionary(grouping: all.filter { $0.state != .ready && $0.state != .failed }, by: \.state).mapValues(\.count)
    }

    func update(_ recording: Recording) async throws -> VersionedUpdate<Recording> {
        try fault("update")
        let outcome: VersionedUpdate<Recording> = state.withLock { state in
            guard let stored = state.recordings[recording.id] else { return .missing }
            guard stored.version == recording.version else { return .stale }
            var new = recording
            new.version += 1
            state.recordings[recording.id] = new
            return .updated(new)
        }
        try fault("updated")
        return outcome
    }

    func remove(_ recording: Recording, at moment: Date) async throws -> Bool {
        try fault("remove")
        let isRemoved = state.withLock { state in
            guard state.recordings[recording.id]?.version == recording.version else { return false }
            state.recordings[recording.id] = nil
            return true
        }
        try fault("removed")
        return isRemoved
    }

    func claim(dueAt moment: Date, until end: Date) async throws -> Recording? {
        try fault("claim")
        let claimed: Recording? = state.withLock { state in
            let due = state.recordings.values.filter { recording in
                let isAhead = ![.ready, .failed].contains(recording.state) && recording.updatedAt > moment + 60
                return isAhead || recording.checkAt.map { $0 <= moment } ?? false
            }
            guard var next = due.min(by: { ($0.checkAt ?? moment, $0.id) < ($1.checkAt ?? moment, $1.id) }) else {
                return nil
            }
            next = next.claimed(at: moment, until: end)
            state.recordings[next.id] = next
            return next
        }
        try fault("claimed")
        return claimed
    }
}

extension Recording {
    func claimed(at moment: Date, until end: Date) -> Recording {
        Recording(
            id: id, meetingID: meetingID, requestedBy: requestedBy, kind: kind, participantID: participantID,
            objectKey: objectKey, createdAt: createdAt, state: state, stateSince: stateSince,
            startAttempts: startAttempts, stopRequestedAt: stopRequestedAt, egressID: egressID,
            egressStatus: egressStatus, startedAt: startedAt, endedAt: endedAt, readyAt: readyAt, sizeBytes: sizeBytes,
            duration: duration, failure: failure, deleteAfter: deleteAfter, checkAt: end,
            updatedAt: min(updatedAt, moment),
            version: version + 1)
    }
}

/// A media server with a recorder whose moves the test decides. Like the real one it forgets nothing that it was asked.
final class ScriptedRecorder: MediaRecording {
    private struct State {
        var egresses: [MediaEgress] = []
        var starts = 0
        var stops: [String] = []
    }

    private let state = Lock(State())
    let fault: @Sendable (String) throws -> Void

    init(fault: @escaping @Sendable (String) throws -> Void = { _ in }) {
        self.fault = fault
    }

    /// How often a recording really began.
    var starts: Int { state.withLock { $0.starts } }
    var stops: [String] { state.withLock { $0.stops } }
    var egresses: [MediaEgress] { state.withLock { $0.egresses } }

    func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress {
        try fault("start")
        let egress = state.withLock { state in
            state.starts += 1
            let egress = MediaEgress(
                id: "EG_\(state.starts)", roomName: "\(request.meetingID)", status: .starting,
                files: [.init(name: request.objectKey, size: 0, duration: .zero)])
            state.egresses.append(egress)
            return egress
        }
        try fault("started")
        return egress
    }

    func stopRecording(_ egressID: String) async throws -> MediaEgress? {
        try fault("stop")
        state.withLock { $0.stops.append(egressID) }
        let egress = move(egressID) { $0.isFinal ? $0 : .ending }
        try fault("stopped")
        return egress
    }

    func recording(_ egressID: String) async throws -> MediaEgress? {
        try fault("look")
        return egresses.first { $0.id == egressID }
    }

    func recordings(in meeting: MeetingID?) async throws -> [MediaEgress] {
        try fault("list")
        return egresses.filter { meeting == nil || $0.meetingID == meeting }
    }

    @discardableResult
    func move(
        _ egressID: String, size: Int64 = 0, error: String? = nil, to status: (MediaEgress.Status) -> MediaEgress.Status
    ) -> MediaEgress? {
        state.withLock { state in
            guard let index = state.egresses.firstIndex(where: { $0.id == egressID }) else { return nil }
            let old = state.egresses[index]
            let start = Date(timeIntervalSince1970: 1_800_000_000)
            let new = status(old.status)
            state.egresses[index] = MediaEgress(
                id: old.id, roomName: old.roomName, status: new, startedAt: new == .starting ? nil : start,
                endedAt: new.isFinal ? start.addingTimeInterval(60) : nil, error: error,
                files: old.files.map { .init(name: $0.name, size: max(size, $0.size), duration: .seconds(60)) })
            return state.egresses[index]
        }
    }

    func forget() { state.withLock { $0.egresses = [] } }
}

/// A bucket that holds sizes.
final class SizedFiles: RecordingFileStoring {
    private let sizes = Lock<[String: Int]>([:])
    let fault: @Sendable (String) throws -> Void

    init(fault: @escaping @Sendable (String) throws -> Void = { _ in }) {
        self.fault = fault
    }

    var keys: [String] { sizes.withLock { $0.keys.sorted() } }

    func put(_ key: String, size: Int) { sizes.withLock { $0[key] = size } }

    func size(of key: String) async throws -> Int? {
        try fault("size")
        return sizes.withLock { $0[key] }
    }

    func delete(_ key: String) async throws {
        try fault("delete")
        sizes.withLock { $0[key] = nil }
        try fault("deleted")
    }

    func address(of key: String, contentType: String, disposition: String, for lifetime: Duration) throws -> String {
        "https://storage.example.org/\(key)?\(disposition)"
    }
}

/// Keeps what was published.
final class KeptEvents: MeetingEventPublishing {
    private let kept = Lock<[MeetingEvent]>([])

    var all: [MeetingEvent] { kept.withLock { $0 } }

    func publish(_ event: MeetingEvent) async { kept.withLock { $0.append(event) } }
}
