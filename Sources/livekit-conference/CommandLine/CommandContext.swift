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

    /// The process's own.
    static func process() -> CommandContext {
        CommandContext(
            environment: processEnvironment(), defaultEnvironmentFile: ".env",
            print: { writeLine($0, to: STDOUT_FILENO) }, printError: { writeLine($0, to: STDERR_FILENO) },
            readInput: { () throws(SystemError) -> String in
                try SmallFile.read(descriptor: STDIN_FILENO, limit: 1 << 20)
            })
    }
}

private func writeLine(_ line: String, to descriptor: Int32) {
    LineWriter(descriptor: descriptor).write(Array((line + "\n").utf8))
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
