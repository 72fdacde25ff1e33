import Platform
import Testing

@testable import livekit_conference

@Suite struct DoctorCommandTests {
    private let terminal = Terminal()

    @Test func idsAreUniqueAndOfAGroup() {
        let ids = DoctorCheck.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.split(separator: ".").count == 2, "\(id)") }
    }

    @Test func theDocumentListsWhatTheProgramDoes() async throws {
        #expect(await run(["doctor", "--list"]) == .success)
        let document = try SmallFile.read(checkout + "docs/doctor.md", limit: 1 << 20)
        #expect(
            document.contains("```\n\(terminal.output)```"), "docs/doctor.md drifted: livekit-conference doctor --list")
    }

    @Test func groupsAndIdsAreChosenAndLeftOut() async {
        #expect(await run(["doctor", "--list", "--only", "redis", "--skip", "redis.memory"]) == .success)
        let ids = terminal.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(ids == ["redis.connection", "redis.version", "redis.persistence"])
    }

    @Test(arguments: [
        (["--only", "redis.persistance"], "did you mean redis.persistence?"),
        (["--skip", "redi"], "\"redi\" is no check"),
        (["--only", "redis", "--skip", "redis"], "leave no check"),
        (["--output", "x"], "--output is for --support-bundle"),
    ])
    func wrongChoicesAreExplained(arguments: [String], message: String) async {
        #expect(await run(["doctor"] + arguments) == .usage)
        #expect(terminal.errors.contains(message))
    }

    @Test func aWrongConfigurationIsAFindingAndWhatNeedsItUnknown() async {
        let arguments = [
            "doctor", "--json", "--only", "configuration.settings", "--only", "redis", "--only", "database",
        ]
        #expect(
            await run(arguments, ["APP_ENV": "local", "REDIS_URL": "nowhere", "DATABASE_URL": "mysql://x"]) == .failure)
        #expect(terminal.output.contains(#""id":"configuration.settings""#))
        #expect(terminal.output.contains("REDIS_URL is wrong"))
        #expect(terminal.output.contains(#""fail":1"#))
        #expect(terminal.output.contains(#""unknown":9"#))
        #expect(terminal.output.contains("See configuration.settings."))
    }

    @Test func onlyWhatWasSeenAndIsGoodIsSuccess() {
        func status(_ findings: DoctorFinding...) -> CommandStatus {
            DoctorReport(entries: findings.map { .init(check: DoctorCheck.all[0], finding: $0, duration: .zero) })
                .status
        }
        #expect(status(.pass("x"), .warn("x", "y"), .skip("x")) == .success)
        #expect(status(.pass("x"), .unknown("x")) == .notPermitted)
        #expect(status(.unknown("x"), .fail("x", "y")) == .failure)
    }

    @Test func linesAreAlignedAndColouredOnTerminalsOnly() {
        let check = DoctorCheck.host("a.b", "x") { _ in .pass("") }
        let entry = DoctorReport.Entry(check: check, finding: .fail("one\ntwo", "mend"), duration: .zero)
        #expect(
            entry.lines(idWidth: 5, isColoured: false)
                == "fail     a.b    one\n                two\n                -> mend")
        #expect(entry.lines(idWidth: 5, isColoured: true).hasPrefix("\u{1b}[31mfail   \u{1b}[0m  a.b"))
    }

    @Test func aCheckThatHangsIsEndedAndSaid() async {
        let check = DoctorCheck.services("a.b", "x", limit: .milliseconds(20)) { _ in .pass("") }
        let entries = await DoctorRunner.run([check], { _ in }) { _ in
            // It doesn't heed its cancellation.
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return .pass("never")
        }
        #expect(entries.map(\.finding.outcome) == [.fail])
        #expect(entries[0].finding.reason.contains("didn't end within"))
    }

    @Test func programsAreRunByTheirPathWithoutAShell() throws {
        let output = try HostProgram.run("/usr/bin/printf", ["%s|", "$(id)", "a b"])
        #expect(output.text == "$(id)|a b|")
        #expect(output.status == 0)
        #expect(try HostProgram.run("/usr/bin/false", []).status == 1)
        #expect(throws: DoctorFinding.self) { try HostProgram.run("/usr/bin/no-such-program", []) }
    }

    private func run(_ arguments: [String], _ environment: [String: String] = ["APP_ENV": "local"]) async
        -> CommandStatus
    {
        await CommandLineInterface.standard.run(arguments, terminal.context(environment))
    }

    private var checkout: String {
        #filePath.replacing("Tests/CommandLineTests/Doctor/DoctorCommandTests.swift", with: "")
    }
}
