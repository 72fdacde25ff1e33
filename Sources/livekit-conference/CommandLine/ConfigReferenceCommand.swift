import Platform

/// `config-reference`: every setting, as documentation or as a file to fill in.
enum ConfigReferenceCommand {
    private static let format = CommandOption(
        "format", "FORMAT", "env for a file to fill in (the default), markdown for documentation.")
    private static let environment = CommandOption(
        "environment", "NAME", "For env: local (the default), staging or production.")

    static let command = Command(
        name: "config-reference", summary: "Print every setting with its purpose, default and an example.",
        options: [format, environment],
        examples: [
            .init("config-reference > .env", "Start a developer's .env."),
            .init("config-reference --environment production", "Show what a server needs."),
            .init("config-reference --format markdown", "Print the documentation."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> CommandStatus {
        try arguments.requireNoOperands()
        switch arguments.value(format) ?? "env" {
        case "env":
            let name = arguments.value(environment) ?? DeploymentEnvironment.local.rawValue
            guard let environment = DeploymentEnvironment(rawValue: name) else {
                throw UsageError("--environment must be local, staging or production")
            }
            context.print(ConfigurationReference.environmentFile(for: environment))
        case "markdown": context.print(ConfigurationReference.markdown())
        default: throw UsageError("--format must be env or markdown")
        }
        return .success
    }
}
