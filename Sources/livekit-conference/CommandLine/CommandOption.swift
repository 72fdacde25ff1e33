/// An option of a command: `--name` or `--name VALUE`.
struct CommandOption: Hashable, Sendable {
    let name: String
    /// What stands for the value in the help; nil for an option without one.
    let value: String?
    let help: String

    init(_ name: String, _ value: String?, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }

    var synopsis: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }

    static let showHelp = CommandOption("help", nil, "Show this help.")
}
