/// The files that other services of the host are configured by, made from our configuration.
enum ServiceFiles {
    struct File: Sendable {
        let name: String
        let text: String
        /// Whether it holds secrets, which only its owner may read.
        let isSecret: Bool
    }

    static let notice = "# Written by: livekit-conference service-config. Changes belong into livekit-conference.env."

    static func all(_ configuration: Configuration) -> [File] {
        [
            File(name: "livekit.yaml", text: LiveKitServerFile.text(configuration), isSecret: true),
            File(name: "egress.yaml", text: EgressFile.text(configuration), isSecret: true),
            File(name: "Caddyfile", text: Caddyfile.text(configuration), isSecret: false),
        ]
    }
}
