import ConferenceAPI
import ConferenceStores
import HTTPServer
import LiveKit
import Platform
import Postgres

extension Configuration {
    /// What the API needs to know.
    var api: APISettings {
        APISettings(
            publicURL: http.publicURL.description, frontendURL: http.frontendURL.description,
            extraOrigins: http.allowedOrigins, liveKitURL: liveKit.publicURL.description,
            rateLimits: RateLimits(
                general: rateLimits.general, guessing: rateLimits.signIn, signInPerEmail: rateLimits.signInPerAccount))
    }
}

extension HTTPSettings {
    func server(drainTimeout: Duration) -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.maxConnections = maxConnections
        server.maxConnectionsPerAddress = maxConnectionsPerAddress
        server.headTimeout = headTimeout
        server.keepAliveTimeout = keepAliveTimeout
        server.sendTimeout = sendTimeout
        server.trustedProxies = trustedProxies
        server.drainTimeout = drainTimeout
        return server
    }
}

extension SessionSettings {
    var lifetimes: SessionLifetimes {
        var lifetimes = SessionLifetimes()
        lifetimes.idle = lifetime
        return lifetimes
    }
}

extension LiveKitSettings {
    func client() throws -> LiveKitConfiguration {
        try LiveKitConfiguration(url: url.description, apiKey: apiKey, secret: apiSecret)
    }
}

extension PostgresConfiguration {
    /// The same with each loop's part of the connections, at least one.
    func shared(among loops: Int) -> PostgresConfiguration {
        var shared = self
        shared.poolSize = max(1, poolSize / loops)
        return shared
    }
}
