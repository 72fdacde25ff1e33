import ConferenceStores
import Platform

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
            let environment = command.configuration.environment.rawValue
            let summary = try await command.withPostgres { postgres in
                try await DevelopmentSeed(postgres: postgres).run(environment: environment)
            }
            for line in describe(summary) { context.print(line) }
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
