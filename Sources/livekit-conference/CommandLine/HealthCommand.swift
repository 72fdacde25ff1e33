/// `health`.
enum HealthCommand {
    static let command = Command(
        name: "health", summary: "Ask a running API how it is.", options: ConfigurationOptions.common,
        examples: [.init("health", "Ask a running API how it is.")], run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        context.printError("health is not built yet")
        return .software
    }
}
