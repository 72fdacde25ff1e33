import HTTPClient
import HTTPServer
import Platform

/// `health`: asks a running API how it is.
enum HealthCommand {
    private static let url = CommandOption(
        "url", "URL", "Ask there instead of where LISTEN says, e.g. http://host:3001.")

    static let command = Command(
        name: "health", summary: "Ask a running API how it is.",
        details: """
            Prints the report of /health. Exits with 0 while the API serves, even degraded, else with 69. Where systemd \
            hands over the socket, LISTEN has to name its address.
            """,
        options: ConfigurationOptions.serving + [url],
        examples: [
            .init("health", "Ask the API of this configuration."),
            .init("health --url http://127.0.0.1:3001", "Ask another one."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        let target =
            try arguments.value(url).map { Target(base: $0) }
            ?? localTarget(ConfigurationOptions.load(arguments, context).configuration)
        let loop = try EventLoop(name: "command")
        try loop.start()
        defer { loop.stop() }
        do {
            let request = HTTPClientRequest(url: target.base + "/health", unixSocket: target.unixSocket)
            let response = try await HTTPClient(loops: [loop]).execute(request, timeout: .seconds(5))
            context.print(String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self))
            return response.status == 200 ? .success : .unavailable
        } catch {
            context.printError("livekit-conference: \(error)")
            return .unavailable
        }
    }

    /// Where an API is asked.
    struct Target {
        let base: String
        var unixSocket: String?
    }

    /// Where a process of this machine reaches the API.
    static func localTarget(_ configuration: Configuration) -> Target { localTarget(configuration.http.listen) }

    static func localTarget(_ address: ListenAddress) -> Target {
        switch address {
        case .tcp("0.0.0.0", let port): return Target(base: "http://127.0.0.1:\(port)")
        case .tcp("::", let port): return Target(base: "http://[::1]:\(port)")
        case .tcp: return Target(base: "http://\(address)")
        case .unix(let path): return Target(base: "http://localhost", unixSocket: path)
        }
    }
}
