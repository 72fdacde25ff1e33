import Platform

/// `check-config`: says whether the program would start with this configuration.
enum CheckConfigCommand {
    static let command = Command(
        name: "check-config", summary: "Report everything that is wrong with the configuration.",
        details: """
            Connects to nothing. Exits with 0 when the configuration is complete and acceptable in its environment,
            else with 78.
            """,
        options: ConfigurationOptions.serving,
        examples: [
            .init("check-config", "Check the environment together with .env."),
            .init("check-config --env-file /etc/livekit-conference/env", "Check a server's file before a restart."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> CommandStatus {
        try arguments.requireNoOperands()
        let loaded = try ConfigurationOptions.load(arguments, context)
        for warning in loaded.warnings { context.printError("warning: \(warning)") }
        context.print("The configuration is good for \(loaded.configuration.environment.rawValue).")
        return .success
    }
}
