import CLinux
import Glibc
import Platform

/// What a command has of the world around it.
struct CommandContext: Sendable {
    let environment: [String: String]
    /// Read when there is one and no other is named.
    let defaultEnvironmentFile: String?
    /// Writes a line of results.
    let print: @Sendable (String) -> Void
    /// Writes a line for the person at the terminal.
    let printError: @Sendable (String) -> Void
    /// The whole standard input.
    let readInput: @Sendable () throws(SystemError) -> String
    /// Whether results go to a terminal, so that they may have colours.
    var isTerminal = false
    /// Shows one line for the person at the terminal until the next call, empty for none; does nothing elsewhere.
    var showProgress: @Sendable (String) -> Void = { _ in }

    /// The process's own.
    static func process() -> CommandContext {
        let environment = processEnvironment()
        let hasColours = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil
        let isWatched = isatty(STDERR_FILENO) == 1
        return CommandContext(
            environment: environment, defaultEnvironmentFile: ".env",
            print: { writeLine($0, to: STDOUT_FILENO) }, printError: { writeLine($0, to: STDERR_FILENO) },
            readInput: { () throws(SystemError) -> String in
                try SmallFile.read(descriptor: STDIN_FILENO, limit: 1 << 20)
            },
            isTerminal: hasColours,
            showProgress: { text in if isWatched { showOnTerminal(text) } })
    }
}

private func writeLine(_ line: String, to descriptor: Int32) {
    LineWriter(descriptor: descriptor).write(Array((line + "\n").utf8))
}

/// To the line's begin, the text, and away with what stood behind it (ECMA-48, EL).
private func showOnTerminal(_ text: String) {
    LineWriter(descriptor: STDERR_FILENO).write(Array("\r\(text)\u{1b}[K".utf8))
}

private func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let text = String(cString: entry)
        if let equals = text.firstIndex(of: "=") {
            result[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        next += 1
    }
    return result
}
