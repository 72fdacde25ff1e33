import Conference
import HTTPServer
import Platform

/// Everything the program is told from outside: read once, checked as a whole, never changed.
struct Configuration: Sendable {
    let environment: DeploymentEnvironment
    let program: ProgramConfiguration
    let http: HTTPConfiguration
    let rateLimits: RateLimitConfiguration
    let sessions: SessionConfiguration
    let database: DatabaseConfiguration
    let redis: RedisConnectionConfiguration
    let storage: StorageConfiguration
    let liveKit: LiveKitConfiguration
}

struct ProgramConfiguration: Sendable {
    let logLevel: LogLevel
    let logFormat: LogFormat
    let eventLoops: EventLoopCount
    let shutdownTimeout: Duration
    let migrationsDirectory: String
}

struct HTTPConfiguration: Sendable {
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
    /// In bytes.
    let maxBodySize: Int
}

struct RateLimitConfiguration: Sendable {
    /// For every request, by client address or account.
    let general: RateLimitBucket
    /// For attempts to sign in, by client address.
    let signIn: RateLimitBucket
    /// For attempts to sign in, by account.
    let signInPerAccount: RateLimitBucket
}

struct SessionConfiguration: Sendable {
    /// Secret.
    let secret: String
    let lifetime: Duration
}

struct DatabaseConfiguration: Sendable {
    let address: DatabaseAddress
    /// Connections of each event loop.
    let poolSize: Int
    let connectTimeout: Duration
    let leaseTimeout: Duration
    let statementTimeout: Duration
}

struct RedisConnectionConfiguration: Sendable {
    let address: ServiceAddress
    let timeout: Duration
}

struct StorageConfiguration: Sendable {
    let endpoint: BaseURL
    /// Secret.
    let accessKey: String
    /// Secret.
    let secretKey: String
    let bucket: String
    let region: String
}

struct LiveKitConfiguration: Sendable {
    let url: BaseURL
    let publicURL: BaseURL
    /// Secret.
    let apiKey: String
    /// Secret.
    let apiSecret: String
}
