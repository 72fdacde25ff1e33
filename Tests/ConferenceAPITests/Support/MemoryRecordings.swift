import FoundationEssentials
import Platform

@testable import Conference

/// Recordings in memory; nobody looks after them.
final class MemoryRecordings: RecordingStoring {
    private let recordings = Lock<[RecordingID: Recording]>([:])

    var all: [Recording] { recordings.withLock { Array($0.values) } }

    func put(_ recording: Recording) { recordings.withLock { $0[recording.id] = recording } }

    func insert(_ recording: Recording) async throws {
        try recordings.withLock { recordings in
            let isTaken = recordings.values.contains {
                $0.state.isRunning && $0.meetingID == recording.meetingID && $0.kind == recording.kind
                    && $0.participantID == recording.participantID
            }
            if isTaken { throw ConferenceError.conflict(.recordingRunning) }
            recordings[recording.id] = recording
        }
    }

    func recording(_ id: RecordingID) async throws -> Recording? { recordings.withLock { $0[id] } }

    func recording(egressID: String, objectKeys: [String]) async throws -> Recording? {
        fatalError("no test expects a report")
    }

    func recordings(_ filter: RecordingFilter, before: RecordingID?, limit: Int) async throws -> [Recording] {
        let found = all.filter { recording in
            (filter.meeting == nil || recording.meetingID == filter.meeting)
                && (filter.states?.contains(recording.state) ?? true) && (before.map { recording.id < $0 } ?? true)
        }
        return Array(found.sorted { $0.id > $1.id }.prefix(limit))
    }

    func isRunning(in meeting: MeetingID) async throws -> Bool {
        all.contains { $0.meetingID == meeting && $0.state.isRunning }
    }

    func runningKinds() async throws -> [RecordingKind] { all.filter { $0.state.isRunning }.map(\.kind) }

    func unfinished() async throws -> [RecordingState: Int] { fatalError("no test expects the states to be counted") }

    func update(_ recording: Recording) async throws -> VersionedUpdate<Recording> {
        var recording = recording
        recording.version += 1
        put(recording)
        return .updated(recording)
    }

    func remove(_ recording: Recording, at moment: Date) async throws -> Bool {
        fatalError("no test expects a recording to go")
    }

    func claim(dueAt moment: Date, until end: Date) async throws -> Recording? {
        fatalError("no test expects a keeper")
    }
}

struct NoRecorder: MediaRecording {
    func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress { fatalError("not expected") }
    func stopRecording(_ egressID: String) async throws -> MediaEgress? { fatalError("not expected") }
    func recording(_ egressID: String) async throws -> MediaEgress? { fatalError("not expected") }
    func recordings(in meeting: MeetingID?) async throws -> [MediaEgress] { fatalError("not expected") }
}

struct LinkedFiles: RecordingFileStoring {
    func size(of key: String) async throws -> Int? { fatalError("not expected") }
    func delete(_ key: String) async throws { fatalError("not expected") }

    func address(of key: String, contentType: String, disposition: String, for lifetime: Duration) throws -> String {
        "https://storage.example.org/\(key)?signature=secret"
    }
}

struct SilentEvents: MeetingEventPublishing {
    func publish(_ event: MeetingEvent) async {}
}

extension Recording {
    /// As it is once its file was seen.
    static func ready(in meeting: MeetingID) -> Recording {
        let now = FixedClock().now
        return Recording(
            id: RecordingID(UUIDv7Generator().next()), meetingID: meeting, requestedBy: nil, kind: .audio,
            createdAt: now, state: .ready, startAttempts: 1, egressID: "EG_1", egressStatus: .complete, startedAt: now,
            endedAt: now, readyAt: now, sizeBytes: 1000, duration: .seconds(60))
    }
}
