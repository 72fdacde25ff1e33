import FoundationEssentials
import Platform
import Postgres

/// `migrate`: brings the database's schema up to date.
enum MigrateCommand {
    private static let status = CommandOption(
        "status", nil, "List the migrations and where each stands; change nothing.")

    static let command = Command(
        name: "migrate", summary: "Bring the database's schema up to date.",
        details: """
            Applies the files of MIGRATIONS_DIR that the database lacks, in order, each in a transaction. Creates the \
            database when it is missing. Several at once are safe: one works, the others wait and find nothing to do. \
            Exits with 65 when somebody has to look at a migration, with 1 when the database is out of reach or busy.
            """,
        options: ConfigurationOptions.common + [status],
        examples: [
            .init("migrate", "Apply what is pending."),
            .init("migrate --status", "Show what is applied and what is not."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        return try await ConfiguredCommand.run(arguments, context) { command in
            let runner = MigrationRunner(
                directory: command.configuration.program.migrationsDirectory,
                configuration: command.configuration.database.configuration, loop: command.loop, log: command.log)
            if arguments.has(status) {
                for line in try await runner.status() { context.print(describe(line)) }
            } else {
                for line in describe(try await runner.migrate()) { context.print(line) }
            }
            return .success
        }
    }

    private static func describe(_ status: MigrationStatus) -> String {
        switch status.state {
        case .applied(let date): "\(status.fileName)  applied \(date.formatted(.iso8601))"
        case .pending: "\(status.fileName)  pending"
        case .edited(let date): "\(status.fileName)  applied \(date.formatted(.iso8601)), edited since"
        case .unknown(let date): "\(status.fileName)  applied \(date.formatted(.iso8601)) by a newer program"
        }
    }

    private static func describe(_ report: MigrationReport) -> [String] {
        var lines: [String] = []
        if report.createdDatabase { lines.append("created the database \(report.database)") }
        for step in report.applied {
            lines.append("applied \(step.fileName) in \(step.duration.nanoseconds / 1_000_000) ms")
        }
        let change = report.isUnchanged ? "unchanged" : "changed"
        return lines + ["\(change): \(report.database) is at migration \(report.schemaVersion)"]
    }
}
