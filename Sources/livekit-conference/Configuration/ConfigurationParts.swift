import Platform

/// The configuration as far as it can be read: each part is there when nothing is wrong with it.
struct ConfigurationParts: Sendable {
    let environment: DeploymentEnvironment?
    let program: ProgramSettings?
    let http: HTTPSettings?
    let rateLimits: RateLimitSettings?
    let sessions: SessionSettings?
    let database: DatabaseSettings?
    let redis: RedisSettings?
    let storage: StorageSettings?
    let liveKit: LiveKitSettings?
    let host: HostSettings?
    let recordings: RecordingSettings?
    let retention: RetentionSettings?
    /// What keeps the program from starting.
    let problems: [ConfigurationProblem]
    let warnings: [ConfigurationProblem]

    init(_ sources: SettingSources) {
        // Without a known environment the rules of local development apply to the rest; it can't start anyway.
        var bootstrap = SettingsReader(sources, environment: .local)
        environment = bootstrap.read(Settings.appEnvironment)
        var reader = SettingsReader(sources, environment: environment ?? .local)
        program = ProgramSettings(&reader)
        http = HTTPSettings(&reader)
        rateLimits = RateLimitSettings(&reader)
        sessions = SessionSettings(&reader)
        database = DatabaseSettings(&reader)
        redis = RedisSettings(&reader)
        storage = StorageSettings(&reader)
        liveKit = LiveKitSettings(&reader)
        host = HostSettings(&reader)
        recordings = RecordingSettings(&reader)
        retention = RetentionSettings(&reader)
        problems = bootstrap.problems + reader.problems
        warnings = ConfigurationParts.unknownNames(in: sources.file) + reader.warnings
    }

    /// All of it; nil when something is wrong.
    var whole: Configuration? {
        guard problems.isEmpty, let environment, let program, let http, let rateLimits, let sessions, let database,
            let redis, let storage, let liveKit, let host, let recordings, let retention
        else { return nil }
        return Configuration(
            environment: environment, program: program, http: http, rateLimits: rateLimits, sessions: sessions,
            database: database, redis: redis, storage: storage, liveKit: liveKit, host: host, recordings: recordings,
            retention: retention)
    }

    private static func unknownNames(in file: EnvironmentFile?) -> [ConfigurationProblem] {
        guard let file else { return [] }
        let known = Set(Settings.all.map(\.name))
        let unknown = file.entries.filter { !known.contains($0.key) }.sorted { $0.value.line < $1.value.line }
        return unknown.map { name, entry in
            var message = "is not a setting of this program"
            if let nearest = nearestName(to: name, among: known.sorted()) { message += "; did you mean \(nearest)?" }
            return ConfigurationProblem(subject: "\(file.path), line \(entry.line): \(name)", message: message)
        }
    }
}
