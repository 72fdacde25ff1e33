import ConferenceAPI
import Platform

/// `openapi`: the API's description, as the running API answers it.
enum OpenAPICommand {
    static let command = Command(
        name: "openapi", summary: "Print the API's OpenAPI document.",
        details:
            "The same as GET /api/openapi.json of a server with the settings of local development. Connects to nothing.",
        options: [],
        examples: [.init("openapi > frontend/openapi.json", "Renew what the frontend's types are made of.")],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> CommandStatus {
        try arguments.requireNoOperands()
        let sources = SettingSources(environment: [Settings.appEnvironment.name: DeploymentEnvironment.local.rawValue])
        let loop = try EventLoop(name: "command")
        let application = try Application(
            try Configuration.load(sources).configuration, loops: [loop], sockets: [],
            log: Logger(component: "command", level: .error, sink: CollectingSink()), onSchema: { _ in })
        context.print(openAPIDocument(application.api))
        return .success
    }
}
