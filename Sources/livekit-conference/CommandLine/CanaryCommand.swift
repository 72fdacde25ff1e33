import Platform
import Postgres

/// `canary`: goes the way of a meeting through every service, and leaves nothing behind.
enum CanaryCommand {
    private static let url = CommandOption(
        "url", "URL", "Ask the running API there instead of where LISTEN says, e.g. https://meet.example.org.")
    private static let liveKitURL = CommandOption(
        "livekit-url", "URL", "Connect to LiveKit there instead of at LIVEKIT_PUBLIC_URL.")
    private static let patience = CommandOption(
        "timeout", "SECONDS", "How long to wait for each thing that others have to do (30).")
    private static let json = CommandOption("json", nil, "Print one JSON document at the end.")

    static let command = Command(
        name: "canary", summary: "Hold a meeting with nobody in it, to see that everything works.",
        details: """
            Makes a meeting that the longest-standing administrator owns, joins it as a client does, waits for LiveKit's \
            webhook, makes a short recording of its sound where there is a recorder, reads it back, and deletes all of it. \
            The API must run. Exits with 0 if every step passed or is not set up, else with 1; Ctrl-C cleans up, too.
            """,
        options: ConfigurationOptions.serving + [url, liveKitURL, patience, json],
        examples: [
            .init("canary", "Check this host."),
            .init("canary --json --timeout 60", "For monitoring."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        let seconds = arguments.value(patience) ?? "30"
        guard let seconds = Int(seconds), (1...600).contains(seconds) else {
            throw UsageError("--timeout must be a number of seconds from 1 to 600")
        }
        let isJSON = arguments.has(json)
        return try await ConfiguredCommand.run(arguments, context) { command in
            let postgres = Postgres(
                configuration: command.configuration.database.configuration, loops: [command.loop], log: command.log)
            let parts = try CanaryParts(
                command, postgres: postgres,
                backend: arguments.value(url).map { HealthCommand.Target(base: $0) }
                    ?? HealthCommand.localTarget(command.configuration),
                liveKitURL: arguments.value(liveKitURL) ?? command.configuration.liveKit.publicURL.description)
            try await postgres.start()
            let report = await CanaryCommand.report(parts, .seconds(seconds)) { step in
                if !isJSON { context.print(step.line) }
            }
            await postgres.stop()
            if isJSON { context.print(report.json) }
            return report.isGood ? .success : .failure
        }
    }

    private static func report(
        _ parts: CanaryParts, _ patience: Duration, _ onStep: @escaping @Sendable (CanaryReport.Step) -> Void
    ) async -> CanaryReport {
        let work = Task {
            let canary = Canary(parts, patience: patience, onStep: onStep)
            await canary.run()
            return canary.report
        }
        // Without the handler the signals are blocked, so it ends only by its own time limits.
        _ = try? SignalHandler { _ in work.cancel() }.start()
        return await work.value
    }
}
