import Platform

extension Settings {
    static let appEnvironment = Setting(
        SettingDescription(
            "APP_ENV", "Where the program runs: local, staging or production. Local has a default for everything else.",
            example: "production", .required),
        parse: SettingParsers.word(DeploymentEnvironment.self))

    static let logLevel = Setting(
        SettingDescription(
            "LOG_LEVEL", "The least important log entries to write: debug, info, notice, warning, error or critical.",
            example: "info", .fallback("info")),
        parse: SettingParsers.word(LogLevel.self))

    static let logFormat = Setting(
        SettingDescription(
            "LOG_FORMAT",
            "The form of log entries: journal, text or json. auto takes journal under systemd, text on a terminal, else json.",
            example: "json", .fallback("auto")),
        parse: SettingParsers.word(LogFormat.self))

    static let eventLoops = Setting(
        SettingDescription(
            "EVENT_LOOPS", "The number of event loop threads, 1 to 256; auto takes one a processor core.", example: "4",
            .fallback("auto"))
    ) { (text: String) throws(InvalidSetting) -> EventLoopCount in
        if text == "auto" { return .automatic }
        guard let count = Int(text), (1...256).contains(count) else {
            throw InvalidSetting("must be auto or a whole number from 1 to 256")
        }
        return .fixed(count)
    }

    static let shutdownTimeout = Setting(
        SettingDescription(
            "SHUTDOWN_TIMEOUT",
            "How long running requests may take to finish after SIGTERM. Keep it below the unit's TimeoutStopSec.",
            example: "25s", .fallback("25s")),
        parse: SettingParsers.duration(.seconds(1) ... .seconds(600)))

    static let migrationsDirectory = Setting(
        SettingDescription(
            "MIGRATIONS_DIR", "The folder with the database's migrations.",
            example: "/usr/share/livekit-conference/migrations",
            .fallbacks(local: "migrations", elsewhere: "/usr/share/livekit-conference/migrations")),
        parse: SettingParsers.text)
}

/// How many event loops to run.
enum EventLoopCount: Hashable, Sendable {
    case automatic
    case fixed(Int)

    /// - Parameter cores: the processor cores this process may use.
    func resolved(cores: Int) -> Int {
        switch self {
        case .automatic: max(1, cores)
        case .fixed(let count): count
        }
    }
}
