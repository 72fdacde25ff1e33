/// `serve`.
enum ServeCommand {
    static let command = Command(
        name: "serve", summary: "Run the API until SIGTERM.", options: ConfigurationOptions.serving,
        examples: [.init("serve", "Run the API until SIGTERM.")], run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        context.printError("serve is not built yet")
        return .software
    }
}
