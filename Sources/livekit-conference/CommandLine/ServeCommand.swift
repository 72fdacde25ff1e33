import CLinux
import ConferenceAPI
import Glibc
import HTTPServer
import Platform

/// `serve`: runs the API until SIGTERM or SIGINT.
enum ServeCommand {
    static let command = Command(
        name: "serve", summary: "Run the API until SIGTERM.",
        details: """
            Listens on LISTEN, or on the sockets that systemd hands over. Requests that run when SIGTERM comes are \
            finished first; a second signal ends the program at once.
            """,
        options: ConfigurationOptions.serving,
        examples: [
            .init("serve", "Serve with the environment together with .env."),
            .init(
                "serve --env-file /etc/livekit-conference/env --listen 127.0.0.1:3001", "Serve another configuration."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        let loaded = try ConfigurationOptions.load(arguments, context)
        let program = loaded.configuration.program
        let log = Logger(
            component: "main", level: program.logLevel,
            sink: program.logFormat.makeSink(journalStream: context.environment["JOURNAL_STREAM"]))
        for warning in loaded.warnings { log.warning("doubtful setting", ["detail": "\(warning)"]) }
        do {
            try await serve(loaded.configuration, log)
            return .success
        } catch {
            log.critical("the program can't run", ["reason": "\(error)"])
            return .failure
        }
    }

    private static func serve(_ configuration: Configuration, _ log: Logger) async throws {
        let signals = try TerminationSignals()
        let sockets = [try ListeningSocket(configuration.http.listen)]
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let loops = try (0..<configuration.program.eventLoops.resolved(cores: cores)).map {
            try EventLoop(name: "loop-\($0)")
        }
        for loop in loops { try loop.start() }
        defer { for loop in loops { loop.stop() } }
        let application = try Application(configuration, loops: loops, sockets: sockets, log: log) {
            log.notice("ready")
        }
        let group = ServiceGroup(
            application.services, stopLimit: configuration.program.shutdownTimeout + .seconds(5), log: log)
        try await group.start()
        let signal = await signals.first()
        log.notice("stopping", ["signal": signal])
        application.readiness.beginDraining()
        await group.stop()
        log.notice("stopped")
    }
}
