import Conference
import ConferenceStores
import FoundationEssentials
import HTTPClient
import ObjectStorage
import Platform
import Postgres
import Testing

/// Keepers of two instances on one database and one bucket; the recorder is the test's.
@Suite struct RecordingKeeperTests {
    /// Takes all work and counts it.
    final class CountingRecorder: MediaRecording {
        private let started = Lock<[String: Int]>([:])

        var starts: [String: Int] { started.withLock { $0 } }

        func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress {
            started.withLock { $0[request.objectKey, default: 0] += 1 }
            return Self.egress(request.objectKey, in: request.meetingID, .active)
        }

        func stopRecording(_ egressID: String) async throws -> MediaEgress? { nil }
        func recording(_ egressID: String) async throws -> MediaEgress? { nil }
        func recordings(in meeting: MeetingID?) async throws -> [MediaEgress] { [] }

        static func egress(
            _ key: String, in meeting: MeetingID, _ status: MediaEgress.Status, size: Int64 = 0
        ) -> MediaEgress {
            MediaEgress(
                id: "EG_\(key)", roomName: "\(meeting)", status: status,
                startedAt: Date(timeIntervalSince1970: 1_800_000_000),
                endedAt: status.isFinal ? Date(timeIntervalSince1970: 1_800_000_060) : nil,
                files: [.init(name: key, size: size, duration: .seconds(60))])
        }
    }

    struct NoEvents: MeetingEventPublishing {
        func publish(_ event: MeetingEvent) async {}
    }

    @Test func beginEachOnceSeeItsObjectAndDeleteBothAfterRetention() async throws {
        try await ObjectStorageHarness.run { storage in
            try await StoresRecordingTests.with { world in
                let recorder = CountingRecorder()
                let store = world.store
                let files = BucketRecordingFiles(storage.storage)
                func driver() -> RecordingDriver {
                    RecordingDriver(
                        store: store, recorder: recorder, files: files, events: NoEvents(),
                        audit: PostgresAuditLog(world.database.postgres), clock: SystemWallClock(),
                        limits: RecordingLimits())
                }
                func keeper(_ driver: RecordingDriver) -> RecordingKeeper {
                    RecordingKeeper(
                        driver: driver, store: store, metrics: RecordingMetrics(MetricsRegistry()),
                        interval: .milliseconds(5), log: Logger(component: "recordings", sink: DiscardingSink()))
                }
                func states() async throws -> Set<RecordingState> {
                    Set(try await store.recordings(RecordingFilter(), before: nil, limit: 100).map(\.state))
                }
                let recordings = (0..<12).map { _ in
                    Recording(
                        id: RecordingID(world.database.ids.next()), meetingID: world.meeting, requestedBy: nil,
                        kind: .participant, participantID: ParticipantID(world.database.ids.next()),
                        createdAt: SystemWallClock().now, checkAt: SystemWallClock().now)
                }
                for recording in recordings { try await store.insert(recording) }

                let inbox = driver()
                let keepers = [keeper(driver()), keeper(driver())]
                for keeper in keepers { try await keeper.start() }
                try await eventually("the beginning of all") { try await states() == [.active] }
                #expect(recorder.starts == Dictionary(uniqueKeysWithValues: recordings.map { ($0.objectKey, 1) }))

                for recording in recordings {
                    let key = recording.objectKey
                    try await inbox.handle(
                        CountingRecorder.egress(key, in: world.meeting, .complete, size: 3),
                        at: SystemWallClock().now)
                    #expect(try await store.recording(recording.id)?.state == .uploaded)
                    _ = try await storage.storage.putObject(key, .bytes([1, 2, 3]))
                }
                try await eventually("all objects seen") { try await states() == [.ready] }
                #expect(try await files.size(of: recordings[0].objectKey) == 3)
                let address = try files.address(
                    of: recordings[0].objectKey, contentType: "video/mp4", disposition: "inline", for: .seconds(60))
                let answer = try await storage.request("GET", address)
                #expect(answer.status == 200 && answer.body == [1, 2, 3])
                for keeper in keepers { await keeper.stop() }

                // Due for deletion: by a third, which begins after the other two are gone.
                try await world.database.postgres.execute(
                    "UPDATE recordings SET delete_after = now(), check_at = now()")
                let last = keeper(driver())
                try await last.start()
                try await eventually("the deletion of all") { try await states().isEmpty }
                await last.stop()
                #expect(try await files.size(of: recordings[0].objectKey) == nil)
                let entries = try await world.database.postgres.query(
                    "SELECT 1 FROM audit_log WHERE action = 'recording.deleted'")
                #expect(entries.count == recordings.count)
            }
        }
    }
}
