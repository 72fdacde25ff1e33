/// `user`.
enum UserCommand {
    static let command = Command(
        name: "user", summary: "Add, list, disable accounts, or set a password.", options: ConfigurationOptions.common,
        examples: [.init("user", "Add, list, disable accounts, or set a password.")], run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        context.printError("user is not built yet")
        return .software
    }
}
