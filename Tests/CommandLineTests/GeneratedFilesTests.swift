import Platform
import Testing

@testable import livekit_conference

@Suite struct GeneratedFilesTests {
    @Test(arguments: [
        (".env.example", ["--environment", "local"]), (".env.staging.example", ["--environment", "staging"]),
        (".env.production.example", ["--environment", "production"]),
        ("docs/configuration.md", ["--format", "markdown"]),
    ])
    func isWhatTheTableSays(file: String, options: [String]) async throws {
        let terminal = Terminal()
        let arguments = ["config-reference"] + options
        #expect(await CommandLineInterface.standard.run(arguments, terminal.context([:])) == .success)
        let written = try SmallFile.read(checkout + file, limit: 1 << 20)
        #expect(
            written == terminal.output,
            "\(file) drifted: livekit-conference \(arguments.joined(separator: " ")) > \(file)")
    }

    @Test func theLocalExampleWorksAsItIs() throws {
        let file = try EnvironmentFile(path: checkout + ".env.example")
        #expect(try Configuration.load(SettingSources(file: file)).warnings.isEmpty)
    }

    @Test(arguments: ["staging", "production"])
    func theServersExamplesLackNothingButSecrets(environment: String) throws {
        let file = try EnvironmentFile(path: checkout + ".env.\(environment).example")
        let error = try #require(throws: ConfigurationError.self) { try Configuration.load(SettingSources(file: file)) }
        let secrets = Settings.all.filter(\.isSecret).map(\.name)
        #expect(Set(error.problems.map(\.subject)) == Set(secrets))
    }

    @Test func namesAreUnique() {
        #expect(Set(Settings.all.map(\.name)).count == Settings.all.count)
    }

    private var checkout: String { #filePath.replacing("Tests/CommandLineTests/GeneratedFilesTests.swift", with: "") }
}
