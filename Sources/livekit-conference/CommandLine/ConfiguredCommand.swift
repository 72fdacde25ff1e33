import Platform
import Postgres

/// What a command that runs once and needs the services stands on.
struct ConfiguredCommand: Sendable {
    let configuration: Configuration
    let loop: EventLoop
    let log: Logger

    /// Loads the configuration, and runs the body with an event loop that is stopped afterwards.
    ///
    /// Log entries go to standard error from the level `warning` on, unless another is asked for.
    static func run<Result: Sendable>(
        _ arguments: CommandArguments, _ context: CommandContext,
        _ body: (ConfiguredCommand) async throws -> Result
    ) async throws -> Result {
        let loaded = try ConfigurationOptions.load(arguments, context)
        for warning in loaded.warnings { context.printError("warning: \(warning)") }
        let program = loaded.configuration.program
        let level = arguments.has(ConfigurationOptions.logLevel) ? program.logLevel : max(program.logLevel, .warning)
        let log = Logger(
            component: "command", level: level,
            sink: program.logFormat.makeSink(journalStream: context.environment["JOURNAL_STREAM"]))
        let loop = try EventLoop(name: "command")
        try loop.start()
        defer { loop.stop() }
        return try await body(ConfiguredCommand(configuration: loaded.configuration, loop: loop, log: log))
    }

    /// Runs the body with the database, whose connections are closed afterwards, however it ends.
    func withPostgres<Outcome: Sendable>(
        _ body: @Sendable (Postgres) async throws -> Outcome
    ) async throws -> Outcome {
        let postgres = Postgres(configuration: configuration.database.configuration, loops: [loop], log: log)
        try await postgres.start()
        let result: Result<Outcome, any Error>
        do {
            result = .success(try await body(postgres))
        } catch {
            result = .failure(error)
        }
        await postgres.stop()
        return try result.get()
    }
}
