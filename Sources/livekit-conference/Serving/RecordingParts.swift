import Conference
import ConferenceStores
import HTTPClient
import LiveKit
import ObjectStorage
import Platform
import Postgres

/// What recordings are made of, wired.
struct RecordingParts {
    let service: RecordingService
    /// Hears what the recorder reports.
    let driver: RecordingDriver
    let keeper: RecordingKeeper

    init(
        _ configuration: Configuration, postgres: Postgres, client: HTTPClient, storage: ObjectStorage,
        events: any MeetingEventPublishing, metrics: MetricsRegistry, log: Logger
    ) throws {
        let log = log.with(component: "recordings")
        let store = PostgresRecordingStore(postgres)
        let files = BucketRecordingFiles(storage)
        let audit = PostgresAuditLog(postgres)
        let clock = SystemWallClock()
        let recordingMetrics = RecordingMetrics(metrics)
        driver = RecordingDriver(
            store: store,
            recorder: LiveKitRecorder(
                LiveKitAPI(configuration: try configuration.liveKit.client(), client: client, log: log),
                pageURL: configuration.recordings.page?.description),
            files: files, events: events, audit: audit, clock: clock,
            limits: RecordingLimits(retention: configuration.recordings.retention),
            onTrouble: { recording, error in
                log.warning(
                    "a recording's step is tried again", recording.logFields(["cause": "\(error)"]))
            },
            onChange: { before, recording in
                recordingMetrics.note(recording.state)
                var fields = recording.logFields(["previous_state": before.rawValue])
                if recording.state == .failed { fields["reason"] = recording.failure }
                log.log(recording.state == .failed ? .warning : .info, "recording changed", fields)
            })
        let keeper = RecordingKeeper(driver: driver, store: store, metrics: recordingMetrics, log: log)
        self.keeper = keeper
        service = RecordingService(
            offers: RecordingOffers(
                processors: configuration.recordings.processors.resolved(cores: ProcessorCores.count)),
            store: store, meetings: PostgresMeetingStore(postgres), participants: PostgresParticipantStore(postgres),
            driver: driver, files: files, audit: audit, clock: clock, ids: UUIDv7Generator(),
            wakeKeeper: { keeper.wake() })
    }
}

extension Recording {
    fileprivate func logFields(_ more: KeyValuePairs<String, String>) -> Logger.Fields {
        var fields: Logger.Fields = [
            "recording_id": "\(id)", "meeting_id": "\(meetingID)", "kind": kind.rawValue, "state": state.rawValue,
        ]
        for (name, value) in more { fields[name] = value }
        return fields
    }
}
