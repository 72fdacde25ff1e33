import Glibc
import Platform

/// The program's entry.
@main
enum LiveKitConference {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // A server finishes what runs before it ends; every other command ends at once, as programs do.
        if arguments.first == ServeCommand.command.name { SignalHandler.prepare() }
        Task.detached {
            let status = await CommandLineInterface.standard.run(arguments, .process())
            exit(status.rawValue)
        }
        while true { pause() }
    }
}
