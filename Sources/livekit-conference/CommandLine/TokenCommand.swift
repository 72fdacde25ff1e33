import LiveKit
import Platform

/// `token`: a LiveKit access token for one participant, for tests and for trying things out.
enum TokenCommand {
    private static let room = CommandOption("room", "ROOM", "The room to join.")
    private static let identity = CommandOption(
        "identity", "IDENTITY", "The participant's identity, unique in the room.")
    private static let name = CommandOption("name", "NAME", "The name that others see.")
    private static let metadata = CommandOption("metadata", "TEXT", "Metadata of the participant.")
    private static let grant = CommandOption(
        "grant", "NAME=VALUE", "Set a grant; may be repeated. VALUE is true, false or a list for canPublishSources.")
    private static let lifetime = CommandOption("ttl", "SECONDS", "How long it may be used to connect (600).")

    static let command = Command(
        name: "token", summary: "Print a LiveKit access token.", usage: "--room ROOM --identity IDENTITY [options]",
        details: """
            Without --grant, the participant may publish, subscribe and send data. The token alone goes to standard
            output.
            """,
        options: [room, identity, name, metadata, grant, lifetime] + ConfigurationOptions.common,
        examples: [
            .init("token --room demo --identity alice", "A token for alice, good for ten minutes."),
            .init("token --room demo --identity viewer --grant canPublish=false", "One for somebody who only watches."),
            .init(
                "token --room demo --identity bob --grant canPublishSources=microphone,screen_share",
                "One for somebody without camera."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> CommandStatus {
        try arguments.requireNoOperands()
        var grants = VideoGrants(roomJoin: true, room: try arguments.require(room))
        let identity = try arguments.require(identity)
        for assignment in arguments.values(grant) { try TokenGrant.set(assignment, in: &grants) }
        let seconds = arguments.value(lifetime) ?? "600"
        guard let seconds = Int(seconds), (1...86400).contains(seconds) else {
            throw UsageError("--ttl must be a number of seconds from 1 to 86400")
        }
        let liveKit = try ConfigurationOptions.load(arguments, context).configuration.liveKit
        let token = AccessToken(
            apiKey: liveKit.apiKey, secret: liveKit.apiSecret, identity: identity, name: arguments.value(name),
            metadata: arguments.value(metadata), grants: grants, lifetime: .seconds(seconds))
        context.print(try token.sign())
        return .success
    }
}
