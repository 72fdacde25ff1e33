import Conference
import HTTPServer
import ObjectStorage
import Platform
import Postgres
import Redis

/// Everything the program is told from outside: read once, checked as a whole, never changed.
struct Configuration: Sendable {
    let environment: DeploymentEnvironment
    let program: ProgramSettings
    let http: HTTPSettings
    let rateLimits: RateLimitSettings
    let sessions: SessionSettings
    let database: DatabaseSettings
    let redis: RedisSettings
    let storage: StorageSettings
    let liveKit: LiveKitSettings
    let host: HostSettings
    let recordings: RecordingSettings
    let retention: RetentionSettings
}

struct ProgramSettings: Sendable {
    let logLevel: LogLevel
    let logFormat: LogFormat
    let eventLoops: EventLoopCount
    let shutdownTimeout: Duration
    let migrationsDirectory: String
}

struct HTTPSettings: Sendable {
    let listen: ListenAddress
    let publicURL: BaseURL
    let frontendURL: BaseURL
    /// Origins that may call the API from a browser: the frontend's first.
    let allowedOrigins: [String]
    let trustedProxies: TrustedProxies
    let maxConnections: Int
    let maxConnectionsPerAddress: Int
    let headTimeout: Duration
    let keepAliveTimeout: Duration
    let sendTimeout: Duration
}

struct RateLimitSettings: Sendable {
    /// For every request, by client address or account.
    let general: RateLimitBucket
    /// For attempts to sign in, by client address.
    let signIn: RateLimitBucket
    /// For attempts to sign in, by account.
    let signInPerAccount: RateLimitBucket
}

struct SessionSettings: Sendable {
    /// Secret.
    let secret: String
    let lifetime: Duration
}

struct DatabaseSettings: Sendable {
    let configuration: PostgresConfiguration
}

struct RedisSettings: Sendable {
    let configuration: RedisConfiguration
}

struct StorageSettings: Sendable {
    /// With secrets.
    let configuration: ObjectStorageConfiguration
}

struct LiveKitSettings: Sendable {
    let url: BaseURL
    let publicURL: BaseURL
    /// Secret.
    let apiKey: String
    /// Secret.
    let apiSecret: String
    let reconcileInterval: Duration
}

/// What only the configuration of LiveKit and Caddy is made from.
struct HostSettings: Sendable {
    let nodeIP: String?
    let stunServers: [String]
    let mediaTCPPort: Int
    let mediaUDPPorts: ClosedRange<Int>
    let certificates: ProxyCertificates
    let plainPort: ProxyPlainPort
    let acmeEmail: String?
    let acmeDirectory: BaseURL?
}

struct RecordingSettings: Sendable {
    /// Of the recorder; 0 where there is none.
    let processors: ProcessorCount
    /// What the recorder films; nil: its own layout.
    let page: BaseURL?
    /// Nil: kept for ever.
    let retention: Duration?
}

/// After how many days data is deleted; nil is never.
struct RetentionSettings: Sendable {
    let events: Int?
    let meetings: Int?
}
