import Glibc

/// The program's entry.
@main
enum LiveKitConference {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        Task.detached {
            let status = await CommandLineInterface.standard.run(arguments, .process())
            exit(status.rawValue)
        }
        while true { pause() }
    }
}
