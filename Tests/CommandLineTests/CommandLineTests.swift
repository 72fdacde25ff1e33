import Platform
import Testing

@testable import livekit_conference

@Suite struct CommandLineTests {
    private let terminal = Terminal()

    @Test func withoutACommandTheOverviewGoesToStandardError() async {
        #expect(await run([]) == .usage)
        #expect(terminal.errors.contains("check-config"))
        #expect(terminal.output.isEmpty)
    }

    @Test func helpListsEveryCommand() async {
        #expect(await run(["help"]) == .success)
        for command in CommandLineInterface.standard.commands {
            #expect(terminal.output.contains("  \(command.name) "))
        }
    }

    @Test(arguments: CommandLineInterface.standard.commands.map(\.name))
    func everyCommandHasHelpWithExamples(name: String) async throws {
        #expect(await run([name, "--help"]) == .success)
        let direct = terminal.output
        #expect(direct.hasPrefix("Usage: livekit-conference \(name)"))
        #expect(direct.contains("Examples:\n  livekit-conference \(name)"))
        #expect(await run(["help", name]) == .success)
        #expect(terminal.output == direct + direct)
    }

    @Test(arguments: [
        (["chek-config"], "\"chek-config\" is no command; did you mean check-config?"),
        (["zzzz"], "\"zzzz\" is no command"),
        (["check-config", "--env-fil3", "x"], "--env-fil3 is no option of this command; did you mean --env-file?"),
        (["check-config", "--env-file"], "--env-file needs a value"),
        (["check-config", "--log", "x"], "--log could be --log-level or --log-format"),
        (["check-config", "--help=x"], "--help takes no value"), (["check-config", "-x"], "-x is no option"),
        (["check-config", "stray"], "\"stray\" is one argument too many"),
        (["token", "--room", "r"], "--identity IDENTITY is missing"),
        (["token", "--room", "r", "--identity", "i", "--ttl", "0"], "--ttl must be"),
        (["token", "--room", "r", "--identity", "i", "--grant", "canPublsh=true"], "did you mean canPublish?"),
        (["token", "--room", "r", "--identity", "i", "--grant", "canPublish=maybe"], "must be true or false"),
        (["user"], "say what to do"), (["user", "ad"], "\"ad\" is none of add, list"),
        (["user", "add"], "--email EMAIL is missing"), (["user", "disable"], "--email EMAIL is missing"),
    ])
    func wrongUsageIsExplained(arguments: [String], message: String) async {
        #expect(await run(arguments) == .usage)
        #expect(terminal.errors.contains(message))
        #expect(terminal.errors.contains("\nTry: livekit-conference "))
        #expect(terminal.output.isEmpty)
    }

    @Test func optionsMayBeShortenedAndMixedWithOperands() throws {
        let first = CommandOption("first", "X", "")
        let second = CommandOption("second", nil, "")
        let arguments = try CommandArguments(
            ["a", "--fir", "1", "b", "--first=2", "--sec", "--", "--first"], options: [first, second])
        #expect(arguments.operands == ["a", "b", "--first"])
        #expect(arguments.values(first) == ["1", "2"])
        #expect(arguments.value(first) == "2")
        #expect(arguments.has(second))
    }

    @Test func checkConfigAcceptsAndRefuses() async {
        #expect(await run(["check-config"], ["APP_ENV": "local"]) == .success)
        #expect(terminal.output == "The configuration is good for local.\n")
        #expect(await run(["check-config"], ["APP_ENV": "locale"]) == .configuration)
        #expect(terminal.errors.contains("did you mean local?"))
        #expect(await run(["check-config", "--listen", "here"], ["APP_ENV": "local"]) == .configuration)
        #expect(terminal.errors.contains("(from the command line)"))
        #expect(await run(["check-config", "--env-file", "/nonexistent"], ["APP_ENV": "local"]) == .configuration)
    }

    @Test func tokenIsPrintedAlone() async {
        let arguments = ["token", "--room", "r", "--identity", "i", "--grant", "canPublish=false", "--name", "I"]
        #expect(await run(arguments, ["APP_ENV": "local"]) == .success)
        #expect(terminal.output.split(separator: ".").count == 3)
        #expect(terminal.errors.isEmpty)
    }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) async -> CommandStatus {
        await CommandLineInterface.standard.run(arguments, terminal.context(environment))
    }

    @Test func aWrongLineOfTheFileHidesNoOtherProblem() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("env", "APP_ENV=production\nSESSION_SECRET='open\nLOG_LEVEL=loud\nbroken\n")
        #expect(await run(["check-config", "--env-file", "\(directory.path)/env"]) == .configuration)
        let errors = terminal.errors
        #expect(errors.contains("env, line 2: has no closing quote"))
        #expect(errors.contains("env, line 4: is not of the form NAME=value"))
        #expect(errors.contains("\nLOG_LEVEL "))
        #expect(errors.contains("\nDATABASE_URL "))
        #expect(!errors.contains("\nSESSION_SECRET "), "it isn't missing: its line is wrong")
    }

    @Test func rightSettingsInAFileWithAWrongLineDontStart() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("env", "APP_ENV=local\n")
        #expect(await run(["check-config", "--env-file", "\(directory.path)/env"]) == .success)
        try directory.write("env", "APP_ENV=local\nbroken\n")
        #expect(await run(["check-config", "--env-file", "\(directory.path)/env"]) == .configuration)
        #expect(terminal.errors.contains("has 1 problem:"))
    }
}

/// Collects what commands print.
final class Terminal: Sendable {
    private let printed = Lock("")
    private let printedErrors = Lock("")

    var output: String { printed.withLock { $0 } }
    var errors: String { printedErrors.withLock { $0 } }

    func context(_ environment: [String: String]) -> CommandContext {
        CommandContext(
            environment: environment, defaultEnvironmentFile: nil,
            print: { line in self.printed.withLock { $0 += line + "\n" } },
            printError: { line in self.printedErrors.withLock { $0 += line + "\n" } },
            readInput: { () throws(SystemError) -> String in "" })
    }
}
