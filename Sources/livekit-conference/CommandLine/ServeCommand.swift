import ConferenceAPI
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
            return CommandStatus(error)
        }
    }

    private static func serve(_ configuration: Configuration, _ log: Logger) async throws {
        let (signals, received) = AsyncStream.makeStream(of: SignalHandler.Request.self)
        try SignalHandler { received.yield($0) }.start()
        let systemd = SystemdNotifier()
        let sockets = try listen(configuration.http.listen)
        let loops = try startLoops(configuration.program.eventLoops)
        defer { for loop in loops { loop.stop() } }
        let status = StatusLine(addresses: sockets.map(\.address.description)) { line, isReady in
            isReady ? systemd.ready(status: line) : systemd.status(line)
        }
        let application = try Application(
            configuration, loops: loops, sockets: sockets, log: log, onHealth: status.health
        ) { state in
            status.schema(state)
            if state == .good { log.notice("ready") }
        }
        let group = ServiceGroup(
            application.services + watchdog(application, loops, log),
            stopLimit: configuration.program.shutdownTimeout + .seconds(5), log: log)
        try await group.start(progress: status.starting)
        for await signal in signals {
            log.notice("stopping", ["signal": "\(signal)"])
            break
        }
        status.stopping()
        systemd.stopping()
        application.readiness.beginDraining()
        await group.stop()
        log.notice("stopped")
    }

    /// The sockets that systemd hands over, else one of our own.
    private static func listen(_ address: ListenAddress) throws -> [ListeningSocket] {
        let inherited = try InheritedSocket.receive().map { try ListeningSocket(inherited: $0.descriptor) }
        guard inherited.isEmpty else { return inherited }
        do {
            return [try ListeningSocket(address)]
        } catch {
            throw ListenFailure(address: address, cause: error)
        }
    }

    private static func startLoops(_ count: EventLoopCount) throws -> [EventLoop] {
        let loops = try (0..<count.resolved(cores: ProcessorCores.count)).map { try EventLoop(name: "loop-\($0)") }
        for loop in loops { try loop.start() }
        return loops
    }

    /// Feeds systemd's watchdog, where it asks for that, while the loops turn and requests are answered.
    private static func watchdog(_ application: Application, _ loops: [EventLoop], _ log: Logger) -> [any Service] {
        guard let interval = SystemdNotifier.watchdogInterval() else { return [] }
        let feeder = WatchdogFeeder(interval: interval, loops: loops, log: log.with(component: "watchdog")) {
            try await application.checkRequestPath()
        }
        return [feeder]
    }
}
