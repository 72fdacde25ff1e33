import Platform
import Redis

extension Settings {
    /// Bytes that a secret used for HMAC-SHA-256 must have at least (RFC 7518, section 3.2).
    static let secretBytes = 32

    static let sessionSecret = Setting(
        SettingDescription(
            "SESSION_SECRET",
            "Signs session cookies: at least 32 random characters. Changing it signs everybody out. Make one with: openssl rand -hex 32",
            example: "(the output of: openssl rand -hex 32)",
            .localFallback("session-secret-for-local-development-only"), isSecret: true),
        parse: longSecret)

    static let sessionLifetime = Setting(
        SettingDescription(
            "SESSION_LIFETIME", "How long a session lasts without being used.", example: "14d", .fallback("14d")),
        parse: SettingParsers.duration(.seconds(300) ... .seconds(365 * 86400)))

    static let databaseURL = Setting(
        SettingDescription(
            "DATABASE_URL",
            "PostgreSQL 18.1 or later, as libpq writes it. In production, sslmode=verify-full unless it is this very machine.",
            example:
                "postgresql://livekit_conference:PASSWORD@db.example.org:5432/livekit_conference?sslmode=verify-full",
            .localFallback("postgresql://livekit_conference:livekit_conference@127.0.0.1:5432/livekit_conference"),
            isSecret: true),
        parse: DatabaseAddress.init)

    static let databasePoolSize = Setting(
        SettingDescription(
            "DATABASE_POOL_SIZE", "The most connections to PostgreSQL, of all event loops together.", example: "8",
            .fallback("8")),
        parse: SettingParsers.integer(1...500))

    static let databaseConnectTimeout = Setting(
        SettingDescription(
            "DATABASE_CONNECT_TIMEOUT", "How long connecting to PostgreSQL may take.", example: "3s", .fallback("3s")),
        parse: SettingParsers.duration(.milliseconds(100) ... .seconds(120)))

    static let databaseLeaseTimeout = Setting(
        SettingDescription(
            "DATABASE_LEASE_TIMEOUT", "How long a request may wait for a free connection to PostgreSQL.", example: "5s",
            .fallback("5s")),
        parse: SettingParsers.duration(.milliseconds(100) ... .seconds(120)))

    static let databaseStatementTimeout = Setting(
        SettingDescription(
            "DATABASE_STATEMENT_TIMEOUT", "How long one statement may take in PostgreSQL.", example: "10s",
            .fallback("10s")),
        parse: SettingParsers.duration(.milliseconds(100) ... .seconds(600)))

    static let redisURL = Setting(
        SettingDescription(
            "REDIS_URL",
            "Redis 7.0 or later: redis://, with TLS rediss://, or unix:// with a path. In production, TLS unless it is this very machine.",
            example: "rediss://:PASSWORD@redis.example.org:6379/0", .localFallback("redis://127.0.0.1:6379/0"),
            isSecret: true)
    ) { (text: String) throws(InvalidSetting) -> RedisConfiguration in
        do {
            return try RedisConfiguration(url: text)
        } catch RedisError.configuration(let reason) {
            throw InvalidSetting("is wrong: \(reason)")
        } catch {
            throw InvalidSetting("is wrong: \(error)")
        }
    }

    static let redisTimeout = Setting(
        SettingDescription(
            "REDIS_TIMEOUT", "How long a command to Redis may take before the request goes on without it.",
            example: "1s", .fallback("1s")),
        parse: SettingParsers.duration(.milliseconds(50) ... .seconds(60)))

    static let storageEndpoint = Setting(
        SettingDescription(
            "S3_ENDPOINT", "The object storage's S3 interface, with its scheme. https in production.",
            example: "https://NAMESPACE.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
            .localFallback("http://127.0.0.1:4566")),
        parse: SettingParsers.text)

    static let storageAccessKey = Setting(
        SettingDescription(
            "S3_ACCESS_KEY", "The access key of the object storage; at Oracle, part of a Customer Secret Key.",
            example: "3f1c5b0e8a7d4c2b9e6f", .localFallback("test"), isSecret: true),
        parse: SettingParsers.text)

    static let storageSecretKey = Setting(
        SettingDescription(
            "S3_SECRET_KEY", "The secret that belongs to S3_ACCESS_KEY.", example: "(shown once when the key is made)",
            .localFallback("test"), isSecret: true),
        parse: SettingParsers.text)

    static let storageBucket = Setting(
        SettingDescription(
            "S3_BUCKET",
            "The bucket for recordings and other files: 3 to 63 lower-case letters, digits, dots and hyphens.",
            example: "livekit-conference", .localFallback("livekit-conference"))
    ) { (text: String) throws(InvalidSetting) -> String in
        let isEdge = { (byte: UInt8?) in byte.map { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) } == true }
        guard (3...63).contains(text.utf8.count), isEdge(text.utf8.first), isEdge(text.utf8.last),
            text.utf8.allSatisfy({ isEdge($0) || $0 == 0x2d || $0 == 0x2e }), !text.contains("..")
        else { throw InvalidSetting("must be 3 to 63 lower-case letters, digits, dots and hyphens") }
        return text
    }

    static let storageRegion = Setting(
        SettingDescription(
            "S3_REGION", "The region of the object storage.", example: "eu-frankfurt-1", .localFallback("us-east-1")),
        parse: SettingParsers.text)

    static let liveKitURL = Setting(
        SettingDescription(
            "LIVEKIT_URL",
            "LiveKit's server interface as this program reaches it. https unless it is this very machine.",
            example: "http://127.0.0.1:7880", .fallback("http://127.0.0.1:7880"))
    ) { (text: String) throws(InvalidSetting) -> BaseURL in
        let url = try SettingParsers.baseURL(schemes: ["http", "https"])(text)
        guard url.path.isEmpty else { throw InvalidSetting("must end after its host and port") }
        return url
    }

    static let liveKitPublicURL = Setting(
        SettingDescription(
            "LIVEKIT_PUBLIC_URL", "LiveKit's address for browsers. wss in production.",
            example: "wss://livekit.example.org", .localFallback("ws://localhost:7880")),
        parse: SettingParsers.baseURL(schemes: ["ws", "wss"]))

    static let liveKitAPIKey = Setting(
        SettingDescription(
            "LIVEKIT_API_KEY", "The name of the key that LiveKit and this program share.",
            example: "conference-2026", .localFallback("devkey"), isSecret: true),
        parse: SettingParsers.text)

    static let liveKitAPISecret = Setting(
        SettingDescription(
            "LIVEKIT_API_SECRET",
            "The secret that belongs to LIVEKIT_API_KEY: at least 32 random characters. Make one with: openssl rand -hex 32",
            example: "(the output of: openssl rand -hex 32)",
            .localFallback("livekit-secret-for-local-development-only"), isSecret: true),
        parse: longSecret)

    static let reconcileInterval = Setting(
        SettingDescription(
            "RECONCILE_INTERVAL",
            "How often LiveKit is asked for what its webhooks may not have told; after repairs sooner.", example: "30s",
            .fallback("30s")),
        parse: SettingParsers.duration(.seconds(1) ... .seconds(3600)))

    @Sendable private static func longSecret(_ text: String) throws(InvalidSetting) -> String {
        let text = try SettingParsers.text(text)
        guard text.utf8.count >= secretBytes else {
            throw InvalidSetting("is \(text.utf8.count) bytes long but must have at least \(secretBytes)")
        }
        return text
    }
}
