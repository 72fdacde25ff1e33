import HTTPServer
import Platform

/// Every environment variable of the program: the one table that configuration, documentation and examples come from.
enum Settings {
    struct Section: Sendable {
        let title: String
        let settings: [SettingDescription]
    }

    static let sections = [
        Section(
            title: "Program",
            settings: [
                appEnvironment.description, logLevel.description, logFormat.description, eventLoops.description,
                shutdownTimeout.description, migrationsDirectory.description,
            ]),
        Section(
            title: "HTTP",
            settings: [
                listen.description, publicURL.description, frontendURL.description, allowedOrigins.description,
                trustedProxies.description, maxConnections.description, maxConnectionsPerAddress.description,
                headTimeout.description, keepAliveTimeout.description, sendTimeout.description,
            ]),
        Section(
            title: "Rate limits",
            settings: [
                rateLimit.description, rateLimitBurst.description, signInRateLimit.description,
                signInRateLimitPerAccount.description,
            ]),
        Section(title: "Sessions", settings: [sessionSecret.description, sessionLifetime.description]),
        Section(
            title: "PostgreSQL",
            settings: [
                databaseURL.description, databasePoolSize.description, databaseConnectTimeout.description,
                databaseLeaseTimeout.description, databaseStatementTimeout.description,
            ]),
        Section(title: "Redis", settings: [redisURL.description, redisTimeout.description]),
        Section(
            title: "Object storage",
            settings: [
                storageEndpoint.description, storageAccessKey.description, storageSecretKey.description,
                storageBucket.description, storageRegion.description,
            ]),
        Section(
            title: "LiveKit",
            settings: [
                liveKitURL.description, liveKitPublicURL.description, liveKitAPIKey.description,
                liveKitAPISecret.description, reconcileInterval.description,
            ]),
        Section(
            title: "Services of the host",
            settings: [
                mediaNodeIP.description, mediaStunServers.description, mediaTCPPort.description,
                mediaUDPPorts.description, proxyCertificates.description, proxyPlainPort.description,
                acmeEmail.description, acmeDirectory.description,
            ]),
        Section(
            title: "Recordings",
            settings: [egressProcessors.description, recorderPage.description, recordingRetention.description]),
        Section(title: "Retention", settings: [eventRetention.description, meetingRetention.description]),
    ]

    static let all = sections.flatMap(\.settings)
}
