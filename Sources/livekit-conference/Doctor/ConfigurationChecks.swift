import Glibc
import Platform

/// The settings themselves, and who can read them.
enum ConfigurationChecks {
    static let all: [DoctorCheck] = [
        .host("configuration.settings", "every setting is there and acceptable") { settings($0.settings) },
        .host("configuration.secrets", "only its owner can read the files with secrets", secrets),
    ]

    static func settings(_ settings: DoctorSettings) -> DoctorFinding {
        let place = settings.file ?? "the environment"
        let problems = settings.problems.map(line)
        let warnings = settings.parts.warnings.map(line)
        if !problems.isEmpty {
            return .fail(problems.joined(separator: "\n"), "Correct \(place), then: livekit-conference check-config")
        }
        if !warnings.isEmpty { return .warn(warnings.joined(separator: "\n"), "Correct \(place).") }
        return .pass("good for \(settings.parts.environment?.rawValue ?? "")")
    }

    private static func line(_ problem: ConfigurationProblem) -> String {
        "\(problem.subject) \(problem.message)" + (problem.origin.map { " (from \($0))" } ?? "")
    }

    @Sendable private static func secrets(_ host: DoctorHost) throws -> DoctorFinding {
        let settings = host.settings
        var files = settings.file.map { [$0] } ?? []
        if settings.isInstalled {
            files += Settings.all.filter(\.isSecret).map {
                "\(DoctorSettings.installedCredentials)/\($0.name.lowercased())"
            }
        }
        guard !files.isEmpty else { return .skip("the settings come from the environment alone") }
        var open: [String] = []
        for file in files {
            var status = stat()
            guard stat(host.root + file, &status) == 0 else {
                let error = SystemError("stat")
                if error.code == ENOENT { continue }
                throw DoctorFinding.unknown("\(file) can't be looked at: \(error)", "Run it as root.")
            }
            if status.st_mode & 0o077 != 0 { open.append(file) }
        }
        guard open.isEmpty else {
            // A developer's secrets are well known.
            let names = open.joined(separator: " ")
            let reason = "others than the owner can read or change \(names)"
            let remedy = "chmod 600 \(names)"
            return settings.parts.environment == .local ? .warn(reason, remedy) : .fail(reason, remedy)
        }
        return .pass("\(files.count) files, their owner's alone")
    }
}
