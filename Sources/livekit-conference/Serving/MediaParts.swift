import Conference
import ConferenceAPI
import ConferenceStores
import HTTPClient
import LiveKit
import ObjectStorage
import Platform
import Postgres
import Redis

/// Everything that has to do with the media server, wired.
struct MediaParts: Sendable {
    let server: LiveKitMediaServer
    let recorder: LiveKitRecorder
    let reader: LiveKitEventReader
    let events: MediaEventService
    private let reconciler: MediaReconciler
    private let leases: PostgresLeases
    private let metrics: MetricsRegistry
    private let log: Logger

    init(
        _ configuration: Configuration, client: HTTPClient, postgres: Postgres, redis: Redis,
        events published: any MeetingEventPublishing, egress: any EgressEventHandling, metrics: MetricsRegistry,
        log: Logger
    ) throws {
        let clock = SystemWallClock()
        let api = LiveKitAPI(
            configuration: try configuration.liveKit.client(), client: client, log: log.with(component: "livekit"))
        let presence = RedisPresenceStore(redis: redis)
        let store = PostgresMediaStateStore(postgres)
        let webhookLog = log.with(component: "webhooks")
        server = LiveKitMediaServer(api)
        recorder = LiveKitRecorder(api)
        reader = LiveKitEventReader(apiKey: configuration.liveKit.apiKey, secret: configuration.liveKit.apiSecret)
        events = MediaEventService(
            store: store, server: server, presence: presence, egress: egress, events: published, clock: clock
        ) { event, error in
            webhookLog.error(
                "event could not be applied; the reconciler tries again",
                ["event": event.name, "event_id": event.id, "reason": "\(error)"])
        }
        reconciler = MediaReconciler(
            server: server, recorder: recorder, store: store, events: events, egress: egress, presence: presence,
            clock: clock)
        leases = PostgresLeases(postgres)
        self.metrics = metrics
        self.log = log
    }

    func reconciling(every interval: Duration, readiness: ConferenceAPI.Readiness) -> ReconcilerService {
        ReconcilerService(
            reconciler: reconciler, leases: leases, interval: interval, metrics: metrics,
            log: log.with(component: "reconciler"),
            isReady: { readiness.phase == .serving })
    }
}
