import Conference
import Platform

/// What a support bundle tells of a host: reports, settings without secrets, units, their logs, the machine. Texts of other programs
/// pass ``Redaction``, and no secret of the configuration stays in any.
struct SupportFolder: Sendable {
    private(set) var files: [(name: String, text: String)] = []
    private let secrets: [String]

    /// Gathers it; blocks. Whatever can't be had is replaced by the reason.
    init(_ host: DoctorHost) {
        secrets = host.settings.secrets
        add("configuration.txt", SupportFolder.configuration(host.settings))
        for (name, path, arguments) in SupportFolder.programs {
            add(name, Redaction.redact(SupportFolder.output(host, path, arguments)))
        }
        for unit in UnitChecks.known + ["livekit-conference-migrate.service", "livekit-conference-config.service"] {
            let arguments = ["--unit=\(unit)", "--lines=1000", "--no-pager", "--output=short-iso"]
            add("journal/\(unit).txt", Redaction.redact(SupportFolder.output(host, "/usr/bin/journalctl", arguments)))
        }
        for path in ["/etc/os-release", "/proc/version", "/proc/loadavg", "/proc/meminfo", "/proc/mounts"] {
            let text = (try? host.text(path)) ?? nil
            add("machine\(path.replacing("/", with: "-")).txt", Redaction.redact(text ?? "(can't be read)\n"))
        }
        let reports = "/var/lib/livekit-conference-reports"
        for name in OpenSocket.entries(of: host.root + reports).filter({ $0.hasSuffix(".txt") }).sorted().suffix(
            20)
        {
            let text = (try? host.text("\(reports)/\(name)")) ?? nil
            add("reports/\(name)", Redaction.redact(text ?? "(can't be read)\n"))
        }
    }

    /// Fixed words only: nothing of the configuration becomes an argument.
    private static let programs: [(name: String, path: String, arguments: [String])] = [
        (
            "units.txt", "/usr/bin/systemctl",
            ["status", "--no-pager", "--lines=0", UnitChecks.target] + UnitChecks.known
        ),
        (
            "packages.txt", "/usr/bin/dpkg-query",
            ["--show", "livekit-*", "postgresql-18", "redis-server", "caddy", "systemd"]
        ),
        ("sockets.txt", "/usr/bin/ss", ["--no-header", "--numeric", "--listening", "--tcp", "--udp", "--processes"]),
        ("disk.txt", "/usr/bin/df", ["--human-readable"]),
        ("packet-filter-iptables.txt", "/usr/sbin/iptables-save", ["--table", "filter"]),
        ("packet-filter-nft.txt", "/usr/sbin/nft", ["list", "ruleset"]),
        ("time.txt", "/usr/bin/timedatectl", ["show"]),
    ]

    private static func output(_ host: DoctorHost, _ path: String, _ arguments: [String]) -> String {
        do {
            return try host.run(path, arguments).text
        } catch {
            return "(\(error.reason))\n"
        }
    }

    /// Every setting that is set, secret ones without their value.
    private static func configuration(_ settings: DoctorSettings) -> String {
        Settings.all.map { setting in
            guard let value = settings.values[setting.name] else { return "# \(setting.name) is not set\n" }
            return setting.isSecret ? "\(setting.name)=(set)\n" : "\(setting.name)=\(value)\n"
        }.joined()
    }

    /// - Parameter text: in which secrets of the configuration are replaced.
    mutating func add(_ name: String, _ text: String) {
        files.append((name, secrets.reduce(text) { $0.replacing($1, with: "[secret]") }))
    }
}
