import ConferenceStores
import Platform
import Postgres

/// `seed`: fills a development database.
enum SeedCommand {
    static let command = Command(
        name: "seed", summary: "Fill a development database with accounts and meetings.",
        details: "Works with APP_ENV=local only, since the passwords are public. A second run changes nothing.",
        options: ConfigurationOptions.common,
        examples: [.init("seed", "Write what is missing, and show the accounts.")],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        return try await ConfiguredCommand.run(arguments, context) { command in
            let postgres = Postgres(
                configuration: command.configuration.database.configuration, loops: [command.loop], log: command.log)
            try await postgres.start()
            let environment = command.configuration.environment.rawValue
            let result: Result<DevelopmentSeed.Summary, any Error>
            do {
                result = .success(try await DevelopmentSeed(postgres: postgres).run(environment: environment))
            } catch {
                result = .failure(error)
            }
            await postgres.stop()
            for line in describe(try result.get()) { context.print(line) }
            return .success
        }
    }

    private static func describe(_ summary: DevelopmentSeed.Summary) -> [String] {
        let isUnchanged = summary == DevelopmentSeed.Summary()
        return [
            isUnchanged
                ? "unchanged: everything is there already"
                : "changed: \(summary.accounts) accounts, \(summary.meetings) meetings, "
                    + "\(summary.participants) participants, \(summary.events) events are new",
            "\(DevelopmentSeed.adminEmail)  password \(DevelopmentSeed.adminPassword)  (administrator)",
            "\(DevelopmentSeed.memberEmail)  password \(DevelopmentSeed.memberPassword)",
        ]
    }
}
