import Conference
import Glibc
import Platform

/// Memory, processors and the kernel's settings.
enum MachineChecks {
    static let all: [DoctorCheck] = [
        .host("memory.available", "there is memory left") { host in
            guard let text = try host.text("/proc/meminfo") else { return .skip("there is no /proc/meminfo") }
            return memory(text)
        },
        .host("memory.oom", "the kernel has killed nothing for want of memory") { host in
            guard let text = try host.text("/proc/vmstat") else { return .skip("there is no /proc/vmstat") }
            return killed(text)
        },
        .host("processors.recordings", "the processors suffice for every kind of recording") { host in
            processors(try host.settings.require(\.recordings, "EGRESS_CPUS").processors, cores: ProcessorCores.count)
        },
        .host("kernel.buffers", "sockets may have the buffers that media needs", buffers),
    ]

    static func memory(_ text: String) -> DoctorFinding {
        let values = numbers(text, separator: ":")
        guard let total = values["MemTotal"], let available = values["MemAvailable"], total > 0 else {
            return .unknown("/proc/meminfo has no MemTotal and MemAvailable")
        }
        let reason = "\(available >> 10) of \(total >> 10) MiB are available"
        let remedy =
            "See who has it: systemd-cgtop --order=memory --iterations=2. Give the machine more, or stop something."
        if available * 20 < total { return .fail(reason, remedy) }
        return available * 100 < total * 15 ? .warn(reason, remedy) : .pass(reason)
    }

    static func killed(_ text: String) -> DoctorFinding {
        guard let count = numbers(text, separator: " ")["oom_kill"] else {
            return .unknown("/proc/vmstat has no oom_kill")
        }
        guard count > 0 else { return .pass("none since the start of the machine") }
        return .warn(
            "\(count) processes since the start of the machine",
            "See which: journalctl --dmesg --grep 'Out of memory'. Give the machine more memory.")
    }

    static func processors(_ setting: ProcessorCount, cores: Int) -> DoctorFinding {
        let count = setting.resolved(cores: cores)
        guard count > 0 else { return .skip("EGRESS_CPUS is 0: there is no recorder") }
        let offers = RecordingOffers(processors: count)
        let obstacles = offers.all.compactMap(\.obstacle)
        if case .fixed(let wanted) = setting, wanted > cores {
            return .warn(
                "EGRESS_CPUS is \(wanted), this machine has \(cores) processors",
                "Right if recorders run on further machines; else set EGRESS_CPUS=auto.")
        }
        guard obstacles.isEmpty else {
            return .warn(
                obstacles.joined(separator: "\n"),
                "Give the machine more processors, or go without: what doesn't fit isn't offered.")
        }
        return .pass("\(count), enough for every kind")
    }

    @Sendable private static func buffers(_ host: DoctorHost) throws -> DoctorFinding {
        let needed = 5_000_000
        var small: [String] = []
        for name in ["rmem_max", "wmem_max"] {
            guard let text = try host.text("/proc/sys/net/core/\(name)"),
                let value = Int(text.split(whereSeparator: \.isWhitespace).first ?? "")
            else { return .unknown("net.core.\(name) can't be seen here, as in a container's network") }
            if value < needed { small.append("net.core.\(name) is \(value)") }
        }
        guard small.isEmpty else {
            return .warn(
                small.joined(separator: ", ") + "; below \(needed) packets of busy rooms are dropped",
                "systemctl restart systemd-sysctl reads /usr/lib/sysctl.d/60-livekit-server.conf; another file may overrule it."
            )
        }
        return .pass("at least \(needed) bytes")
    }

    /// Lines of a name and a number, of which more may follow.
    private static func numbers(_ text: String, separator: Character) -> [String: Int] {
        var result: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, let word = parts[1].split(separator: " ").first, let number = Int(word) else {
                continue
            }
            result[String(parts[0])] = number
        }
        return result
    }
}
