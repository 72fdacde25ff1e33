/// `migrate`.
enum MigrateCommand {
    static let command = Command(
        name: "migrate", summary: "Bring the database's schema up to date.", options: ConfigurationOptions.common,
        examples: [.init("migrate", "Bring the database's schema up to date.")], run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        context.printError("migrate is not built yet")
        return .software
    }
}
