import Conference
import HTTPServer
import ObjectStorage
import Platform
import Postgres
import Redis

extension ProgramSettings {
    init?(_ reader: inout SettingsReader) {
        let logLevel = reader.read(Settings.logLevel)
        let logFormat = reader.read(Settings.logFormat)
        let eventLoops = reader.read(Settings.eventLoops)
        let shutdownTimeout = reader.read(Settings.shutdownTimeout)
        let migrationsDirectory = reader.read(Settings.migrationsDirectory)
        guard let logLevel, let logFormat, let eventLoops, let shutdownTimeout, let migrationsDirectory else {
            return nil
        }
        self.init(
            logLevel: logLevel, logFormat: logFormat, eventLoops: eventLoops, shutdownTimeout: shutdownTimeout,
            migrationsDirectory: migrationsDirectory)
    }
}

extension HTTPSettings {
    init?(_ reader: inout SettingsReader) {
        let listen = reader.read(Settings.listen)
        let publicURL = reader.read(Settings.publicURL)
        let frontendURL = reader.read(Settings.frontendURL)
        let allowedOrigins = reader.readOptional(Settings.allowedOrigins)
        let trustedProxies = reader.readOptional(Settings.trustedProxies)
        let maxConnections = reader.read(Settings.maxConnections)
        let maxConnectionsPerAddress = reader.read(Settings.maxConnectionsPerAddress)
        let headTimeout = reader.read(Settings.headTimeout)
        let keepAliveTimeout = reader.read(Settings.keepAliveTimeout)
        let sendTimeout = reader.read(Settings.sendTimeout)
        DeploymentRules.checkListening(listen, trustedProxies: trustedProxies, &reader)
        DeploymentRules.checkPublic(publicURL, Settings.publicURL.description, &reader)
        DeploymentRules.checkPublic(frontendURL, Settings.frontendURL.description, &reader)
        DeploymentRules.checkOrigins(allowedOrigins ?? nil, &reader)
        guard let listen, let publicURL, let frontendURL, let allowedOrigins, let trustedProxies, let maxConnections,
            let maxConnectionsPerAddress, let headTimeout, let keepAliveTimeout, let sendTimeout
        else { return nil }
        self.init(
            listen: listen, publicURL: publicURL, frontendURL: frontendURL,
            allowedOrigins: [frontendURL.origin] + (allowedOrigins ?? []).filter { $0 != frontendURL.origin },
            trustedProxies: trustedProxies ?? TrustedProxies(), maxConnections: maxConnections,
            maxConnectionsPerAddress: maxConnectionsPerAddress, headTimeout: headTimeout,
            keepAliveTimeout: keepAliveTimeout, sendTimeout: sendTimeout)
    }
}

extension RateLimitSettings {
    init?(_ reader: inout SettingsReader) {
        let perMinute = reader.read(Settings.rateLimit)
        let burst = reader.read(Settings.rateLimitBurst)
        let signIn = reader.read(Settings.signInRateLimit)
        let signInPerAccount = reader.read(Settings.signInRateLimitPerAccount)
        guard let perMinute, let burst, let signIn, let signInPerAccount else { return nil }
        func bucket(_ name: String, perMinute: Int, burst: Int, isLeasable: Bool = false) -> RateLimitBucket {
            RateLimitBucket(
                name: name, capacity: burst, refillPerSecond: Double(perMinute) / 60, isLeasable: isLeasable)
        }
        self.init(
            general: bucket("general", perMinute: perMinute, burst: burst, isLeasable: true),
            signIn: bucket("sign-in", perMinute: signIn, burst: signIn * 2),
            signInPerAccount: bucket("sign-in-account", perMinute: signInPerAccount, burst: signInPerAccount * 2))
    }
}

extension SessionSettings {
    init?(_ reader: inout SettingsReader) {
        let secret = reader.read(Settings.sessionSecret)
        let lifetime = reader.read(Settings.sessionLifetime)
        DeploymentRules.checkSecret(secret, Settings.sessionSecret.description, &reader)
        guard let secret, let lifetime else { return nil }
        self.init(secret: secret, lifetime: lifetime)
    }
}

extension DatabaseSettings {
    init?(_ reader: inout SettingsReader) {
        let address = reader.read(Settings.databaseURL)
        let poolSize = reader.read(Settings.databasePoolSize)
        let connectTimeout = reader.read(Settings.databaseConnectTimeout)
        let leaseTimeout = reader.read(Settings.databaseLeaseTimeout)
        let statementTimeout = reader.read(Settings.databaseStatementTimeout)
        DeploymentRules.checkSecret(address?.text, Settings.databaseURL.description, &reader)
        DeploymentRules.checkDatabase(address, &reader)
        guard let address, let poolSize, let connectTimeout, let leaseTimeout, let statementTimeout else { return nil }
        var configuration = address.configuration
        configuration.poolSize = poolSize
        configuration.connectTimeout = connectTimeout
        configuration.leaseTimeout = leaseTimeout
        configuration.statementTimeout = statementTimeout
        self.init(configuration: configuration)
    }
}

extension RedisSettings {
    init?(_ reader: inout SettingsReader) {
        let configuration = reader.read(Settings.redisURL)
        let timeout = reader.read(Settings.redisTimeout)
        DeploymentRules.checkRedis(configuration, &reader)
        guard var configuration, let timeout else { return nil }
        configuration.commandTimeout = timeout
        self.init(configuration: configuration)
    }
}

extension StorageSettings {
    init?(_ reader: inout SettingsReader) {
        let endpoint = reader.read(Settings.storageEndpoint)
        let accessKey = reader.read(Settings.storageAccessKey)
        let secretKey = reader.read(Settings.storageSecretKey)
        let bucket = reader.read(Settings.storageBucket)
        let region = reader.read(Settings.storageRegion)
        DeploymentRules.checkStorage(endpoint, &reader)
        DeploymentRules.checkSecret(accessKey, Settings.storageAccessKey.description, &reader)
        DeploymentRules.checkSecret(secretKey, Settings.storageSecretKey.description, &reader)
        guard let endpoint, let accessKey, let secretKey, let bucket, let region else {
            // Where something is missing, the spelling of the endpoint can be judged nevertheless.
            if let endpoint { Self.check(endpoint, region: region, &reader) }
            return nil
        }
        Self.check(endpoint, region: region, &reader)
        do {
            configuration = try ObjectStorageConfiguration(
                endpoint: endpoint, accessKey: accessKey, secretKey: secretKey, bucket: bucket, region: region)
        } catch {
            // Not one of those that the check above has reported.
            if !reader.problems.contains(where: { $0.subject == error.variable }) { Self.report(error, &reader) }
            return nil
        }
    }

    private static func check(_ endpoint: String, region: String?, _ reader: inout SettingsReader) {
        let problems = ObjectStorageConfiguration.problems(
            endpoint: endpoint, accessKey: "-", secretKey: "-", bucket: "-", region: region ?? "-")
        for problem in problems where problem.variable != Settings.storageRegion.name || region != nil {
            report(problem, &reader)
        }
    }

    private static func report(_ problem: ObjectStorageConfigurationError, _ reader: inout SettingsReader) {
        let settings = [
            Settings.storageEndpoint.description, Settings.storageAccessKey.description,
            Settings.storageSecretKey.description, Settings.storageBucket.description,
        ]
        let setting = settings.first { $0.name == problem.variable } ?? Settings.storageRegion.description
        reader.report(setting, "is wrong: \(problem)")
    }
}

extension LiveKitSettings {
    init?(_ reader: inout SettingsReader) {
        let url = reader.read(Settings.liveKitURL)
        let publicURL = reader.read(Settings.liveKitPublicURL)
        let apiKey = reader.read(Settings.liveKitAPIKey)
        let apiSecret = reader.read(Settings.liveKitAPISecret)
        let reconcileInterval = reader.read(Settings.reconcileInterval)
        DeploymentRules.checkPrivate(url, Settings.liveKitURL.description, &reader)
        DeploymentRules.checkPublic(publicURL, Settings.liveKitPublicURL.description, &reader)
        DeploymentRules.checkSecret(apiKey, Settings.liveKitAPIKey.description, &reader)
        DeploymentRules.checkSecret(apiSecret, Settings.liveKitAPISecret.description, &reader)
        guard let url, let publicURL, let apiKey, let apiSecret, let reconcileInterval else { return nil }
        self.init(
            url: url, publicURL: publicURL, apiKey: apiKey, apiSecret: apiSecret, reconcileInterval: reconcileInterval)
    }
}

extension HostSettings {
    init?(_ reader: inout SettingsReader) {
        let nodeIP = reader.readOptional(Settings.mediaNodeIP)
        let stunServers = reader.readOptional(Settings.mediaStunServers)
        let tcpPort = reader.read(Settings.mediaTCPPort)
        let udpPorts = reader.read(Settings.mediaUDPPorts)
        let certificates = reader.read(Settings.proxyCertificates)
        let plainPort = reader.read(Settings.proxyPlainPort)
        let email = reader.readOptional(Settings.acmeEmail)
        let directory = reader.readOptional(Settings.acmeDirectory)
        guard let nodeIP, let stunServers, let tcpPort, let udpPorts, let certificates, let plainPort, let email,
            let directory
        else { return nil }
        self.init(
            nodeIP: nodeIP, stunServers: stunServers ?? [], mediaTCPPort: tcpPort, mediaUDPPorts: udpPorts,
            certificates: certificates, plainPort: plainPort, acmeEmail: email, acmeDirectory: directory)
    }
}

extension RecordingSettings {
    init?(_ reader: inout SettingsReader) {
        let processors = reader.read(Settings.egressProcessors)
        let page = reader.readOptional(Settings.recorderPage)
        let retention = reader.readOptional(Settings.recordingRetention)
        DeploymentRules.checkPrivate(page ?? nil, Settings.recorderPage.description, &reader)
        guard let processors, let page, let retention else { return nil }
        self.init(processors: processors, page: page, retention: retention.map { .seconds($0 * 86_400) })
    }
}

extension RetentionSettings {
    init?(_ reader: inout SettingsReader) {
        let events = reader.readOptional(Settings.eventRetention)
        let meetings = reader.readOptional(Settings.meetingRetention)
        guard let events, let meetings else { return nil }
        self.init(events: events, meetings: meetings)
    }
}
