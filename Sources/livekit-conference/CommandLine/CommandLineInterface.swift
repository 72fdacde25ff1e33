import Platform

/// Finds the command, reads its options, runs it and turns errors into messages and exit statuses.
struct CommandLineInterface: Sendable {
    let commands: [Command]

    static let standard = CommandLineInterface(commands: [
        ServeCommand.command, MigrateCommand.command, SeedCommand.command, CheckConfigCommand.command,
        ConfigReferenceCommand.command, OpenAPICommand.command, ServiceConfigCommand.command, UserCommand.command,
        TokenCommand.command, HealthCommand.command, CanaryCommand.command, DoctorCommand.command,
        LiveCommand.command, RetentionCommand.command, VersionCommand.command,
    ])

    /// - Parameter arguments: without the program's name.
    func run(_ arguments: [String], _ context: CommandContext) async -> CommandStatus {
        do {
            return try await dispatch(arguments, context)
        } catch let error as UsageError {
            let command = arguments.first.flatMap(find)
            context.printError("livekit-conference: \(error)")
            context.printError("Try: livekit-conference \(command.map { "\($0.name) --help" } ?? "help")")
            return .usage
        } catch let error as ConfigurationFailure {
            context.printError(error.description)
            return .configuration
        } catch {
            context.printError("livekit-conference: \(error)")
            return CommandStatus(error)
        }
    }

    private func dispatch(_ arguments: [String], _ context: CommandContext) async throws -> CommandStatus {
        guard let name = arguments.first else {
            context.printError(overview)
            return .usage
        }
        let rest = Array(arguments.dropFirst())
        switch name {
        case "help", "--help", "-h": return try help(rest, context)
        case "--version": return try await VersionCommand.command.run(CommandArguments([], options: []), context)
        default: break
        }
        guard let command = find(name) else {
            let names = commands.map(\.name) + ["help"]
            throw UsageError("\"\(name)\" is no command" + suggestion(for: name, among: names))
        }
        let parsed = try CommandArguments(rest, options: command.options + [.showHelp])
        if parsed.has(.showHelp) {
            context.print(command.help)
            return .success
        }
        return try await command.run(parsed, context)
    }

    private func help(_ arguments: [String], _ context: CommandContext) throws(UsageError) -> CommandStatus {
        guard let name = arguments.first else {
            context.print(overview)
            return .success
        }
        guard let command = find(name) else {
            throw UsageError("\"\(name)\" is no command" + suggestion(for: name, among: commands.map(\.name)))
        }
        context.print(command.help)
        return .success
    }

    private func find(_ name: String) -> Command? { commands.first { $0.name == name } }

    private var overview: String {
        let entries = commands.map { ($0.name, $0.summary) } + [("help", "Show this, or the help of one command.")]
        let width = entries.map(\.0.count).max() ?? 0
        var lines = ["Usage: livekit-conference COMMAND [options]", "", "Commands:"]
        lines += entries.map { "  \($0.0.padded(to: width))  \($0.1)" }
        lines += ["", "livekit-conference COMMAND --help shows a command's options with examples."]
        return lines.joined(separator: "\n")
    }
}
