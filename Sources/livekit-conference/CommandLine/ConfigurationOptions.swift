import Platform

/// The options of every command that needs the configuration.
enum ConfigurationOptions {
    static let environmentFile = CommandOption(
        "env-file", "FILE", "Read settings from this file instead of .env; the environment wins over it.")
    static let listen = CommandOption("listen", "ADDRESS", "Listen there, whatever LISTEN says.")
    static let logLevel = CommandOption("log-level", "LEVEL", "Log from this level on, whatever LOG_LEVEL says.")
    static let logFormat = CommandOption("log-format", "FORMAT", "Log in this form, whatever LOG_FORMAT says.")

    /// For commands that run once.
    static let common = [environmentFile, logLevel, logFormat]
    /// For commands that serve, or check what would be served.
    static let serving = [environmentFile, listen, logLevel, logFormat]

    /// Loads the configuration that these options, the environment and the file make.
    ///
    /// - Throws: ``ConfigurationFailure`` with everything that is wrong.
    static func load(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(ConfigurationFailure) -> Configuration.Loaded {
        let (file, wrongLines) = try readFile(arguments, context)
        let sources = sources(file, CredentialsDirectory(environment: context.environment), arguments, context)
        let loaded: Configuration.Loaded
        do {
            loaded = try Configuration.load(sources)
        } catch {
            // A variable isn't missing whose line is wrong.
            let unreadable = file?.unreadableNames ?? []
            let others = error.problems.filter { $0.origin != nil || !unreadable.contains($0.subject) }
            throw ConfigurationFailure(
                ConfigurationError(problems: wrongLines + others, warnings: error.warnings), hasFile: file != nil)
        }
        guard wrongLines.isEmpty else {
            throw ConfigurationFailure(
                ConfigurationError(problems: wrongLines, warnings: loaded.warnings), hasFile: true)
        }
        return loaded
    }

    /// The places that settings come from.
    static func sources(
        _ file: EnvironmentFile?, _ credentials: CredentialsDirectory?, _ arguments: CommandArguments,
        _ context: CommandContext
    ) -> SettingSources {
        var flags: [String: String] = [:]
        flags[Settings.listen.name] = arguments.value(listen)
        flags[Settings.logLevel.name] = arguments.value(logLevel)
        flags[Settings.logFormat.name] = arguments.value(logFormat)
        return SettingSources(
            file: file, credentials: credentials, environment: context.environment, flags: flags)
    }

    /// The file as far as it can be read, and the lines that are wrong.
    private static func readFile(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(ConfigurationFailure) -> (EnvironmentFile?, [ConfigurationProblem]) {
        let named = arguments.value(environmentFile)
        guard let path = named ?? context.defaultEnvironmentFile, named != nil || SmallFile.exists(path) else {
            return (nil, [])
        }
        do {
            return (try EnvironmentFile(path: path), [])
        } catch {
            if let rest = error.rest { return (rest, error.problems) }
            throw ConfigurationFailure(ConfigurationError(problems: error.problems, warnings: []), hasFile: true)
        }
    }
}

/// A command that could not start for its configuration.
struct ConfigurationFailure: Error, CustomStringConvertible {
    let error: ConfigurationError
    let description: String

    init(_ error: ConfigurationError, hasFile: Bool) {
        self.error = error
        var text = error.description
        let namesEnvironment = error.problems.contains { $0.subject == Settings.appEnvironment.name }
        if namesEnvironment, !hasFile {
            text += "\nFor development: cp .env.example .env. For a server: see livekit-conference config-reference."
        }
        for warning in error.warnings { text += "\nwarning: \(warning)" }
        description = text
    }
}
