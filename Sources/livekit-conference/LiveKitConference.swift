import Glibc
import Platform

/// The program's entry.
@main
enum LiveKitConference {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // These finish what runs, or clean up, before they end; every other command ends at once, as programs do.
        let finishing = [ServeCommand.command.name, CanaryCommand.command.name]
        if let name = arguments.first, finishing.contains(name) { SignalHandler.prepare() }
        Task.detached {
            let status = await CommandLineInterface.standard.run(arguments, .process())
            exit(status.rawValue)
        }
        while true { pause() }
    }
}
