import Platform

/// The units of systemd: whether they run, and how often they had to be started again.
enum UnitChecks {
    static let all: [DoctorCheck] = [
        .host("units.active", "the units run") { host in active(try units(host), wanted: wanted(host.settings)) },
        .host("units.restarts", "none of them had to be started again") { host in restarts(try units(host)) },
        .host("units.enabled", "everything starts with the machine") { host in enabled(try units(host)) },
        .host("units.failed", "no other unit of the machine has failed") { host in
            guard host.hasSystemd else { throw noSystemd }
            return failed(try host.run(systemctl, ["list-units", "--failed", "--plain", "--no-legend", "--full"]).text)
        },
    ]

    private static let systemctl = "/usr/bin/systemctl"
    private static let noSystemd = DoctorFinding.skip("systemd doesn't run this machine")
    static let target = "livekit-conference.target"

    /// Those of the packages. What isn't installed isn't wanted.
    static let known = [
        "livekit-conference.service", "livekit-conference.socket", "livekit-conference-recover.timer",
        "livekit-server.service", "livekit-egress.service", "caddy.service", "redis-server.service",
        "postgresql@18-main.service",
    ]

    /// What `systemctl show` says of a unit.
    struct Unit: Hashable {
        var values: [String: String] = [:]

        var name: String { values["Id"] ?? "" }
        var isInstalled: Bool { values["LoadState"] != "not-found" }
        var state: String { values["ActiveState"] ?? "" }
        var restarts: Int { values["NRestarts"].flatMap { Int($0) } ?? 0 }
    }

    private static func units(_ host: DoctorHost) throws -> [Unit] {
        guard host.hasSystemd else { throw noSystemd }
        let properties = "Id,LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState"
        let output = try host.run(systemctl, ["show", "--property=\(properties)", target] + known)
        guard output.status == 0 else {
            throw DoctorFinding.unknown("systemctl show ended with \(output.status): \(output.text)")
        }
        let units = parse(output.text)
        guard units.contains(where: { $0.name == known[0] && $0.isInstalled }) else {
            throw DoctorFinding.skip("the package livekit-conference isn't installed here")
        }
        return units
    }

    private static func wanted(_ settings: DoctorSettings) -> [String] {
        let hasRecorder = settings.parts.recordings.map { $0.processors != .fixed(0) } ?? true
        return known.filter { hasRecorder || $0 != "livekit-egress.service" }
    }

    /// Blocks of `NAME=value`, an empty line between units.
    static func parse(_ text: String) -> [Unit] {
        var units: [Unit] = []
        var unit = Unit()
        for line in (text + "\n\n").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if !unit.values.isEmpty { units.append(unit) }
                unit = Unit()
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { unit.values[String(parts[0])] = String(parts[1]) }
        }
        return units
    }

    static func active(_ units: [Unit], wanted: [String]) -> DoctorFinding {
        let installed = units.filter { $0.isInstalled && wanted.contains($0.name) }
        let down = installed.filter { $0.state != "active" }
        guard !down.isEmpty else { return .pass("\(installed.count) units are active") }
        let list = down.map { unit in
            let result = unit.values["Result"].flatMap { $0 == "success" || $0.isEmpty ? nil : ", \($0)" } ?? ""
            return "\(unit.name) is \(unit.state) (\(unit.values["SubState"] ?? "")\(result))"
        }
        let names = down.map(\.name).joined(separator: " ")
        return .fail(
            list.joined(separator: ", "), "See why: systemctl status \(names). Then: systemctl start \(target) \(names)"
        )
    }

    static func restarts(_ units: [Unit]) -> DoctorFinding {
        let restarted = units.filter { $0.isInstalled && $0.restarts > 0 }
        guard !restarted.isEmpty else { return .pass("none") }
        return .warn(
            restarted.map { "\($0.name) \($0.restarts) times" }.joined(separator: ", "),
            "See why: journalctl -u \(restarted.map(\.name).joined(separator: " -u ")), and /var/lib/livekit-conference-reports."
        )
    }

    static func enabled(_ units: [Unit]) -> DoctorFinding {
        let state = units.first { $0.name == target }?.values["UnitFileState"] ?? ""
        if state == "enabled" { return .pass("\(target) is enabled") }
        return .fail("\(target) is \(state.isEmpty ? "not there" : state)", "systemctl enable --now \(target)")
    }

    static func failed(_ list: String) -> DoctorFinding {
        let names = list.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        guard !names.isEmpty else { return .pass("none") }
        let reason = names.joined(separator: ", ")
        let remedy = "See why: systemctl status \(names.joined(separator: " ")). Once mended: systemctl reset-failed"
        let isOurs = names.contains { $0.hasPrefix("livekit-") || known.contains($0) }
        return isOurs ? .fail(reason, remedy) : .warn(reason, remedy)
    }
}
