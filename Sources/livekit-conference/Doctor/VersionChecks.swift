import Platform

/// Versions of what is installed, and whether that is what runs.
enum VersionChecks {
    static let all: [DoctorCheck] = [
        .host("versions.packages", "the packages are installed wholly and belong together", packages),
        .host("versions.running", "what runs is what is installed", running),
        .host("versions.livekit", "LiveKit's server is one that was tried with this program", liveKit),
    ]

    private static let names = [
        "livekit-conference", "livekit-conference-caddy", "livekit-conference-web", "livekit-conference-host",
        "livekit-server", "livekit-egress", "caddy", "postgresql-18", "redis-server",
    ]

    struct Package: Hashable {
        let name: String
        let version: String
        /// Three letters: wanted, is, error (dpkg-query(1)).
        let status: String
    }

    @Sendable private static func packages(_ host: DoctorHost) throws -> DoctorFinding {
        guard host.exists("/var/lib/dpkg/status") else { return .skip("this machine has no dpkg") }
        let output = try host.run(
            "/usr/bin/dpkg-query", ["--show", "--showformat=${Package}\\t${Version}\\t${db:Status-Abbrev}\\n"] + names)
        return packages(parse(output.text), own: VersionCommand.version)
    }

    /// Lines of those that dpkg knows; others give a message on standard error.
    static func parse(_ text: String) -> [Package] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 3, !words[1].isEmpty else { return nil }
            return Package(name: words[0], version: words[1], status: words[2])
        }
    }

    static func packages(_ packages: [Package], own: String) -> DoctorFinding {
        let present = packages.filter { !$0.status.hasPrefix("rc") && !$0.status.hasPrefix("un") }
        guard let main = present.first(where: { $0.name == "livekit-conference" }) else {
            return .skip("the package livekit-conference isn't installed here")
        }
        let broken = present.filter {
            !$0.status.dropFirst().hasPrefix("i") || $0.status.count > 2 && !$0.status.hasSuffix(" ")
        }
        guard broken.isEmpty else {
            return .fail(
                broken.map { "\($0.name) is not wholly installed (\($0.status))" }.joined(separator: ", "),
                "dpkg --configure -a, then apt -f install")
        }
        let others = present.filter { $0.name.hasPrefix("livekit-conference-") && $0.version != main.version }
        guard others.isEmpty else {
            return .warn(
                "livekit-conference is \(main.version), but "
                    + others.map { "\($0.name) is \($0.version)" }.joined(separator: ", "),
                "apt install \((others.map(\.name) + [main.name]).joined(separator: " "))")
        }
        guard
            main.version == own || main.version.hasPrefix("\(own)-") || main.version.hasPrefix("\(own).")
                || main.version.hasPrefix("\(own)+")
        else {
            return .warn("this program is \(own), the package \(main.version)", "Call /usr/bin/livekit-conference.")
        }
        return .pass(present.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
    }

    /// A process whose file was replaced since it started.
    @Sendable private static func running(_ host: DoctorHost) throws -> DoctorFinding {
        let programs: Set = ["livekit-conference", "livekit-server", "caddy", "postgres", "redis-server"]
        var seen: Set<String> = []
        var old: Set<String> = []
        for process in OpenSocket.entries(of: host.root + "/proc") where Int(process) != nil {
            guard let file = OpenSocket.link("\(host.root)/proc/\(process)/exe") else { continue }
            let isDeleted = file.hasSuffix(" (deleted)")
            let path = isDeleted ? String(file.dropLast(" (deleted)".count)) : file
            guard let name = path.split(separator: "/").last.map(String.init), programs.contains(name),
                path.hasPrefix("/usr/")
            else { continue }
            seen.insert(name)
            if isDeleted { old.insert(name) }
        }
        if !old.isEmpty {
            let names = old.sorted().joined(separator: ", ")
            return .warn(
                "\(names) runs as it was before its upgrade",
                "Restart it: systemctl restart, when no meeting is disturbed.")
        }
        if seen.isEmpty {
            return host.isRoot
                ? .skip("none of them runs here") : .unknown("others' processes can't be seen", "Run it as root.")
        }
        return .pass(seen.sorted().joined(separator: ", "))
    }

    @Sendable private static func liveKit(_ host: DoctorHost) throws -> DoctorFinding {
        let program = "/usr/bin/livekit-server"
        guard host.exists(program) else { return .skip("\(program) isn't on this machine") }
        return liveKit(try host.run(program, ["--version"]).text)
    }

    /// - Parameter text: such as `livekit-server version 1.13.5`.
    static func liveKit(_ text: String) -> DoctorFinding {
        let oldest = [1, 11, 0]
        let words = text.split(whereSeparator: \.isWhitespace)
        let version = words.lazy.map { $0.split(separator: ".").compactMap { Int($0) } }.first { $0.count == 3 }
        guard let version else { return .unknown("livekit-server --version says: \(text.prefix(200))") }
        let shown = version.map { "\($0)" }.joined(separator: ".")
        guard version.lexicographicallyPrecedes(oldest) else { return .pass(shown) }
        return .warn("it is \(shown), older than 1.11.0", "apt install livekit-server")
    }
}
