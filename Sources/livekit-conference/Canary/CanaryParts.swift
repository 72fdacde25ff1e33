import Conference
import ConferenceAPI
import ConferenceStores
import FoundationEssentials
import HTTPClient
import LiveKit
import ObjectStorage
import Platform
import Postgres
import Redis

/// What the canary stands on: the program's own services on the configured database, and a client of everything else.
struct CanaryParts: Sendable {
    let records: CanaryRecords
    let live: LiveParts
    let recordings: RecordingService
    let webhookURL: String
    private let client: HTTPClient
    private let backend: HealthCommand.Target
    private let liveKitURL: String

    /// - Parameters:
    ///   - backend: where the running API is asked.
    ///   - liveKitURL: where clients connect.
    init(
        _ command: ConfiguredCommand, postgres: Postgres, backend: HealthCommand.Target, liveKitURL: String
    ) throws {
        let configuration = command.configuration
        let client = HTTPClient(loops: [command.loop])
        let api = LiveKitAPI(configuration: try configuration.liveKit.client(), client: client, log: command.log)
        let storage = ObjectStorage(
            configuration: configuration.storage.configuration, client: client, log: command.log)
        let redis = Redis(configuration: configuration.redis.configuration, loops: [command.loop], log: command.log)
        records = CanaryRecords(postgres)
        // The running API looks after the recording; it finds it in the database. Nobody listens to this meeting, and it has
        // no passcode, so neither Redis is asked nor a password hashed.
        recordings = try RecordingParts(
            configuration, postgres: postgres, client: client, storage: storage, events: NobodyListens(),
            metrics: MetricsRegistry(), log: command.log
        ).service
        live = LiveParts(
            configuration, postgres: postgres, media: LiveKitMediaServer(api), events: NobodyListens(),
            limiter: RedisRateLimiter(redis: redis, log: command.log), hasher: Argon2PasswordHasher(),
            keys: ParticipantKeySigner(secret: configuration.sessions.secret), clock: SystemWallClock(),
            ids: UUIDv7Generator())
        webhookURL = configuration.http.publicURL.description + "/webhooks/livekit"
        self.client = client
        self.backend = backend
        self.liveKitURL = liveKitURL
    }

    func checkBackend() async throws -> (String, Void) {
        let request = HTTPClientRequest(
            url: backend.base + "/health/ready", unixSocket: backend.unixSocket)
        let response = try await client.execute(request, timeout: .seconds(5))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard response.status == 200 else {
            throw Canary.Failure(
                "\(backend.base)/health/ready answers \(response.status); livekit-conference health tells more")
        }
        return (backend.base, ())
    }

    /// Joins as a client does; the connection lasts long enough for everything that follows.
    func connect(_ token: String, _ patience: Duration) async throws -> SignallingConnection {
        try await withThrowingTaskGroup(of: SignallingConnection?.self) { group in
            group.addTask {
                try await SignallingConnection.join(
                    url: liveKitURL, token: token, client: client, lifetime: patience * 10)
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let connection = first else {
                throw Canary.Failure("\(liveKitURL) let nobody in within \(patience)")
            }
            return connection
        }
    }

    /// Reads what lies there, to its end.
    func size(of url: String) async throws -> Int {
        let request = HTTPClientRequest(method: "GET", url: url, headers: [:], body: .none)
        let response = try await client.execute(request, timeout: .seconds(120))
        var size = 0
        for try await chunk in response.body { size += chunk.count }
        guard response.status == 200 else {
            throw Canary.Failure("the bucket answers \(response.status) to the link for the recording")
        }
        return size
    }

    /// Looks again and again until there is something.
    static func wait<Value>(
        atMost limit: Duration, orFail reason: String, _ body: () async throws -> Value?
    ) async throws -> Value {
        let end = ContinuousClock.now + limit
        while true {
            if let value = try await body() { return value }
            guard ContinuousClock.now < end else { throw Canary.Failure(reason) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

private struct NobodyListens: MeetingEventPublishing {
    func publish(_ event: MeetingEvent) async {}
}
