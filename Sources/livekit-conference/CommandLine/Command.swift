/// One subcommand of the program.
struct Command: Sendable {
    let name: String
    /// One line, for the list of commands.
    let summary: String
    /// What follows the name, such as `add --email EMAIL`.
    var usage = "[options]"
    /// More than the summary, for the command's own help.
    var details = ""
    var options: [CommandOption] = []
    /// Command lines with what they do.
    let examples: [Example]
    let run: @Sendable (CommandArguments, CommandContext) async throws -> CommandStatus

    struct Example: Sendable {
        let line: String
        let effect: String

        init(_ line: String, _ effect: String) {
            self.line = line
            self.effect = effect
        }
    }

    /// The help's text.
    var help: String {
        var lines = ["Usage: livekit-conference \(name) \(usage)".trimmingTrailingSpace, "", summary]
        if !details.isEmpty { lines += ["", details] }
        let options = options + [.showHelp]
        let width = options.map(\.synopsis.count).max() ?? 0
        lines += ["", "Options:"]
        lines += options.map { "  \($0.synopsis.padded(to: width))  \($0.help)" }
        lines += ["", "Examples:"]
        for example in examples { lines += ["  livekit-conference \(example.line)", "      \(example.effect)"] }
        return lines.joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
