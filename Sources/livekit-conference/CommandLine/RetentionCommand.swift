import Conference
import ConferenceStores
import FoundationEssentials
import Platform

/// `retention`: deletes data whose time has come.
enum RetentionCommand {
    static let command = Command(
        name: "retention", summary: "Delete data that is older than the configuration keeps it.",
        details: """
            EVENT_RETENTION_DAYS says when the timeline of meetings is forgotten, MEETING_RETENTION_DAYS when meetings that \
            have ended are deleted. Without them nothing is. Recordings are deleted by the running API, since their files lie \
            in the bucket. livekit-conference-retention.timer runs this every night.
            """,
        options: ConfigurationOptions.common,
        examples: [.init("retention", "Delete what is due, and say how much it was.")],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        return try await ConfiguredCommand.run(arguments, context) { command in
            let retention = command.configuration.retention
            guard retention.events != nil || retention.meetings != nil else {
                context.print("unchanged: neither EVENT_RETENTION_DAYS nor MEETING_RETENTION_DAYS is set")
                return .success
            }
            let lines = try await command.withPostgres { postgres in
                try await delete(retention, PostgresRetention(postgres), at: Date())
            }
            for line in lines { context.print(line) }
            return .success
        }
    }

    private static func delete(
        _ settings: RetentionSettings, _ retention: PostgresRetention, at now: Date
    ) async throws -> [String] {
        var lines: [String] = []
        func report(_ count: Int, _ what: String) {
            lines.append("\(count == 0 ? "unchanged" : "changed"): \(what) deleted: \(count)")
        }
        if let days = settings.meetings {
            report(try await retention.deleteMeetings(endedBefore: moment(days, before: now), at: now), "meetings")
        }
        if let days = settings.events {
            let moment = moment(days, before: now)
            report(try await retention.forgetEvents(before: moment), "events of meetings")
            report(try await retention.forgetWebhooks(before: moment), "events of the media server")
        }
        return lines
    }

    private static func moment(_ days: Int, before now: Date) -> Date { now.addingTimeInterval(Double(-86_400 * days)) }
}
