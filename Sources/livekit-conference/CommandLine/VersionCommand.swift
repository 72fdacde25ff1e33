/// `version`.
enum VersionCommand {
    /// The program's version, also in the `Server` header and in metrics.
    static let version = "0.1.0"

    static let command = Command(
        name: "version", summary: "Print the version.", usage: "",
        examples: [.init("version", "Print the version alone.")]
    ) { arguments, context in
        try arguments.requireNoOperands()
        context.print("livekit-conference \(version)")
        return .success
    }
}
