/// `seed`.
enum SeedCommand {
    static let command = Command(
        name: "seed", summary: "Fill a development database with accounts and meetings.",
        options: ConfigurationOptions.common,
        examples: [.init("seed", "Fill a development database with accounts and meetings.")], run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        context.printError("seed is not built yet")
        return .software
    }
}
