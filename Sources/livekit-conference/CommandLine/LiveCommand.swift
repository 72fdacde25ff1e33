import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Redis

/// `live`: who is in a meeting now, and a word to them before something is stopped.
enum LiveCommand {
    private static let announceUpdate = CommandOption(
        "announce-update", "MINUTES", "Tell everyone in a meeting that an update comes in so many minutes (1 to 120).")

    static let command = Command(
        name: "live", summary: "Say which meetings people are in now, and tell them of an update.",
        details: """
            Prints a line for each meeting with its title and how many are connected; nothing when nobody is. Whoever is told \
            of an update sees it in the meeting at once, on all instances. ansible-free-scripts/deploy --warn does this.
            """,
        options: ConfigurationOptions.common + [announceUpdate],
        examples: [
            .init("live", "Look before a restart."),
            .init("live --announce-update 5", "Warn those who are there that it comes."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        let minutes = try arguments.value(announceUpdate).map { text in
            guard let minutes = Int(text), (1...120).contains(minutes) else {
                throw UsageError("--announce-update must be a number of minutes from 1 to 120")
            }
            return minutes
        }
        return try await ConfiguredCommand.run(arguments, context) { command in
            let meetings = try await command.withPostgres { try await PostgresLiveMeetings($0).all() }
            if let minutes, !meetings.isEmpty { try await announce(minutes, to: meetings, command) }
            for meeting in meetings { context.print("\(meeting.title): \(meeting.people) people") }
            return .success
        }
    }

    private static func announce(
        _ minutes: Int, to meetings: [PostgresLiveMeetings.LiveMeeting], _ command: ConfiguredCommand
    ) async throws {
        let redis = Redis(
            configuration: command.configuration.redis.configuration, loops: [command.loop], log: command.log)
        try await redis.start()
        let events = RedisMeetingEvents(
            redis: redis, receiver: NobodyListens(), loop: command.loop, clock: SystemWallClock(),
            metrics: MetricsRegistry(), log: command.log)
        do {
            for meeting in meetings {
                try await events.share(.update(inMinutes: minutes, of: meeting.id, at: Date()))
            }
        } catch {
            await redis.stop()
            throw error
        }
        await redis.stop()
    }
}

private struct NobodyListens: MeetingEventReceiving {
    func receive(_ sent: SentMeetingEvent) {}
    func mayHaveMissedEvents() {}
}
