import Platform

extension Configuration {
    /// A configuration that would work, and what the operator should know nevertheless.
    struct Loaded: Sendable {
        let configuration: Configuration
        let warnings: [ConfigurationProblem]
    }

    /// Reads and checks every setting.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    static func load(_ sources: SettingSources) throws(ConfigurationError) -> Loaded {
        // Without a known environment the rules of local development apply to the rest; it can't start anyway.
        var bootstrap = SettingsReader(sources, environment: .local)
        let environment = bootstrap.read(Settings.appEnvironment)
        var reader = SettingsReader(sources, environment: environment ?? .local)
        let program = ProgramSettings(&reader)
        let http = HTTPSettings(&reader)
        let rateLimits = RateLimitSettings(&reader)
        let sessions = SessionSettings(&reader)
        let database = DatabaseSettings(&reader)
        let redis = RedisSettings(&reader)
        let storage = StorageSettings(&reader)
        let liveKit = LiveKitSettings(&reader)
        let host = HostSettings(&reader)
        let recordings = RecordingSettings(&reader)

        let problems = bootstrap.problems + reader.problems
        let warnings = unknownNames(in: sources.file) + reader.warnings
        guard problems.isEmpty, let environment, let program, let http, let rateLimits, let sessions, let database,
            let redis, let storage, let liveKit, let host, let recordings
        else { throw ConfigurationError(problems: problems, warnings: warnings) }
        let configuration = Configuration(
            environment: environment, program: program, http: http, rateLimits: rateLimits, sessions: sessions,
            database: database, redis: redis, storage: storage, liveKit: liveKit, host: host, recordings: recordings)
        return Loaded(configuration: configuration, warnings: warnings)
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

/// Everything that is wrong with the configuration, at once.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [ConfigurationProblem]
    let warnings: [ConfigurationProblem]

    var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return "The configuration has \(count):\n\n" + problems.map { "\($0)\n" }.joined(separator: "\n")
    }
}
