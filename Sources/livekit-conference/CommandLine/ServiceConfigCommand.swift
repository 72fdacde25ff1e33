import Platform

/// `service-config`: the configuration of LiveKit, Egress and Caddy from ours, so that nothing has to be said twice.
enum ServiceConfigCommand {
    private static let directory = CommandOption("directory", "DIRECTORY", "Where to write the files.")

    static let command = Command(
        name: "service-config", summary: "Write the configuration of LiveKit, Egress and Caddy.",
        usage: "--directory DIRECTORY [options]",
        details: """
            Writes livekit.yaml, egress.yaml and Caddyfile. A file is replaced as a whole and only when it differs; when the \
            configuration is wrong, nothing is written.
            """,
        options: [directory] + ConfigurationOptions.common,
        examples: [
            .init("service-config --directory /var/lib/livekit-conference-config", "Write them where the units look.")
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> CommandStatus {
        try arguments.requireNoOperands()
        let folder = try arguments.require(directory)
        let configuration = try ConfigurationOptions.load(arguments, context).configuration
        for file in ServiceFiles.all(configuration) {
            let path = "\(folder)/\(file.name)"
            do {
                let changed = try FileReplacement.write(
                    file.text + "\n", to: path, mode: file.isSecret ? 0o600 : 0o644)
                context.print("\(changed ? "changed" : "unchanged"): \(path)")
            } catch {
                context.printError("livekit-conference: \(path) could not be written: \(error)")
                return .failure
            }
        }
        return .success
    }
}
