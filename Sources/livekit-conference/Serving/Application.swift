import Conference
import ConferenceAPI
import ConferenceStores
import HTTPClient
import HTTPServer
import LiveKit
import ObjectStorage
import Platform
import Postgres
import Redis

/// The whole program, wired: the one place where parts meet. Nothing runs before ``services`` are started.
struct Application {
    let services: [any Service]
    let readiness: ConferenceAPI.Readiness
    /// What the API stands on.
    let api: APIDependencies
    private let router: Router

    /// - Parameters:
    ///   - loops: started before the services, stopped after them.
    ///   - sockets: where the server listens; closed when it stops.
    ///   - onHealth: hears of every change of a service's health.
    ///   - onSchema: hears what the database's schema is like; from when it is good, requests are taken.
    init(
        _ configuration: Configuration, loops: [EventLoop], sockets: [ListeningSocket], log: Logger,
        onHealth: @escaping @Sendable (HealthReport) -> Void = { _ in },
        onSchema: @escaping @Sendable (SchemaGate.State) -> Void
    ) throws {
        let postgres = Postgres(
            configuration: configuration.database.configuration.shared(among: loops.count), loops: loops,
            log: log.with(component: "postgres"))
        let redis = Redis(configuration: configuration.redis.configuration, loops: loops, log: log)
        let client = HTTPClient(loops: loops)
        let metrics = MetricsRegistry()
        let liveKit = LiveKitHealth(configuration: try configuration.liveKit.client(), client: client)
        let objects = ObjectStorage(configuration: configuration.storage.configuration, client: client, log: log)
        let storage = ObjectStorageCheck(
            storage: objects, createMissingBucket: configuration.environment == .local,
            log: log.with(component: "storage"))
        let health = HealthMonitor(
            checks: [
                PostgresHealthCheck(postgres: postgres), RedisHealthCheck(redis: redis),
                LiveKitHealthCheck(liveKit: liveKit), StorageHealthCheck(storage: storage),
            ],
            log: log.with(component: "health"), onChange: onHealth)
        let readiness = ConferenceAPI.Readiness()
        let hub = MeetingEventHub(loops: loops, metrics: metrics)
        let events = RedisMeetingEvents(
            redis: redis, receiver: hub, loop: loops[0], clock: SystemWallClock(), metrics: metrics,
            log: log)
        let (whiteboards, whiteboardServices) = Application.whiteboards(
            postgres: postgres, storage: objects, events: events, log: log)
        let recordings = try RecordingParts(
            configuration, postgres: postgres, client: client, storage: objects, events: events, metrics: metrics,
            log: log)
        let media = try MediaParts(
            configuration, client: client, postgres: postgres, redis: redis, events: events, egress: recordings.driver,
            metrics: metrics, log: log)
        let sessions = Application.sessions(configuration, postgres: postgres, redis: redis, log: log)
        let api = Application.dependencies(
            configuration, postgres: postgres, redis: redis, events: events, hub: hub, whiteboards: whiteboards,
            recordings: recordings.service, media: media, sessions: sessions, health: health, readiness: readiness,
            metrics: metrics, log: log)
        let router = makeRouter(api)
        let server = HTTPServer(
            configuration: configuration.http.server(drainTimeout: configuration.program.shutdownTimeout),
            router: router,
            sockets: sockets, loops: loops, log: log.with(component: "http"))
        let gate = SchemaGate(
            runner: MigrationRunner(
                directory: configuration.program.migrationsDirectory,
                configuration: configuration.database.configuration, loop: loops[0], log: log),
            log: log.with(component: "migrations")
        ) { state in
            if state == .good { readiness.beginServing() }
            onSchema(state)
        }
        Application.observe(metrics, postgres: postgres, redis: redis, server: server)
        // Health before the gate: who hears READY=1 finds /health/ready answering 200.
        services =
            [redis, postgres, events, sessions] + whiteboardServices + [
                server, health, gate, recordings.keeper, StartReport(liveKit: liveKit, storage: storage, log: log),
                media.reconciling(every: configuration.liveKit.reconcileInterval, readiness: readiness),
                Application.lobbyKeeper(api.live.lobby, readiness, log),
                Application.summing(api.analytics, readiness: readiness, log: log),
            ]
        self.readiness = readiness
        self.api = api
        self.router = router
    }

    /// Passes a request through the router and all middleware, as clients' requests do.
    ///
    /// - Throws: ``RequestPathBroken`` when the answer is not what it should be.
    func checkRequestPath() async throws {
        var request = HTTPRequest(method: .get, path: "/health/live", clientAddress: "watchdog", id: "watchdog")
        request.attributes[SelfCheck.self] = SelfCheck()
        let status = await router.respond(to: request).status
        guard status == .ok else { throw RequestPathBroken(status: status) }
    }

    /// Ends the waiting of those in lobbies whom no host answers. Every instance does it; each knock ends once.
    private static func lobbyKeeper(
        _ lobby: LobbyService, _ readiness: ConferenceAPI.Readiness, _ log: Logger
    ) -> PeriodicService {
        let log = log.with(component: "lobby")
        return PeriodicService(name: "lobby keeper", interval: .seconds(30), log: log) {
            guard readiness.phase == .serving else { return }
            let count = try await lobby.endUnansweredKnocks()
            if count > 0 { log.info("knocks that nobody answered have ended", ["count": "\(count)"]) }
        }
    }

    private static func sessions(
        _ configuration: Configuration, postgres: Postgres, redis: Redis, log: Logger
    ) -> RedisSessionStore {
        let accounts = PostgresAccountStore(postgres)
        return RedisSessionStore(
            redis: redis, secret: configuration.sessions.secret, lifetimes: configuration.sessions.lifetimes, log: log
        ) { account in
            try? await accounts.account(AccountID(account))?.sessionsValidAfter
        }
    }

    private static func dependencies(
        _ configuration: Configuration, postgres: Postgres, redis: Redis, events: RedisMeetingEvents,
        hub: MeetingEventHub, whiteboards: WhiteboardService, recordings: RecordingService, media: MediaParts,
        sessions: RedisSessionStore,
        health: HealthMonitor, readiness: ConferenceAPI.Readiness,
        metrics: MetricsRegistry, log: Logger
    ) -> APIDependencies {
        let clock = SystemWallClock()
        let ids = UUIDv7Generator()
        let hasher = Argon2PasswordHasher()
        let accounts = PostgresAccountStore(postgres)
        let limiter = RedisRateLimiter(redis: redis, log: log)
        let keys = ParticipantKeySigner(secret: configuration.sessions.secret)
        let live = LiveParts(
            configuration, postgres: postgres, media: media.server, events: events, limiter: limiter, hasher: hasher,
            keys: keys, clock: clock, ids: ids)
        return APIDependencies(
            settings: configuration.api,
            accounts: AccountService(
                accounts: accounts, hasher: hasher, sessions: sessions, audit: PostgresAuditLog(postgres), clock: clock,
                ids: ids),
            meetings: live.meetings, joining: live.joining, connectionTests: live.connectionTests, live: live.services,
            access: live.access,
            events: MeetingEventStreams(hub: hub, log: events, access: live.access, clock: clock),
            whiteboards: whiteboards, recordings: recordings,
            analytics: AnalyticsService(
                store: PostgresAnalyticsStore(postgres), meetings: PostgresMeetingStore(postgres),
                participants: PostgresParticipantStore(postgres), clock: clock),
            timeline: TimelineService(
                timeline: PostgresTimeline(postgres), meetings: PostgresMeetingStore(postgres),
                recordings: PostgresRecordingStore(postgres), analytics: PostgresAnalyticsStore(postgres), clock: clock),
            keys: keys, mediaEvents: media.events,
            mediaEventReader: media.reader,
            sessions: sessions, limiter: limiter, health: health, readiness: readiness, metrics: metrics, log: log,
            clock: clock)
    }

    /// Every instance does it; each gathering is summed up by one of them.
    private static func summing(
        _ analytics: AnalyticsService, readiness: ConferenceAPI.Readiness, log: Logger
    ) -> PeriodicService {
        let log = log.with(component: "analytics")
        return PeriodicService(name: "analytics", interval: .seconds(15), log: log) {
            guard readiness.phase == .serving else { return }
            let count = try await analytics.summarise()
            if count > 0 { log.debug("gatherings were summed up", ["count": "\(count)"]) }
        }
    }

    private static func observe(_ metrics: MetricsRegistry, postgres: Postgres, redis: Redis, server: HTTPServer) {
        ProcessMetrics.register(in: metrics)
        metrics.observedGauge("http_open_connections", help: "Connections of clients that are open.") {
            Double(server.openConnections)
        }
        metrics.observedGauge("postgres_connections", help: "Connections to PostgreSQL that exist.") {
            Double(postgres.statistics.size)
        }
        metrics.observedGauge("postgres_connections_leased", help: "Connections to PostgreSQL that are in use.") {
            Double(postgres.statistics.leased)
        }
        metrics.observedGauge("postgres_waiting", help: "Requests that wait for a connection to PostgreSQL.") {
            Double(postgres.statistics.waiting)
        }
        redis.observe(in: metrics)
    }
}

/// The router doesn't answer as it should.
struct RequestPathBroken: Error, CustomStringConvertible {
    let status: HTTPStatus

    var description: String { "GET /health/live was answered with \(status.rawValue)" }
}
