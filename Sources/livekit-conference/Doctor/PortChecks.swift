import HTTPServer
import Platform

/// Ports: whether those of the list are held by their programs, and no others are open.
enum PortChecks {
    static let all: [DoctorCheck] = [
        .host("ports.held", "no other program holds a port of ours") { host in
            let list = relevant(try PortList.load(host), host.settings)
            let sockets = try OpenSocket.all(host)
            return held(list, sockets, OpenSocket.holders(of: sockets, host))
        },
        .host("ports.listening", "something listens where it must") { host in
            listening(needed(relevant(try PortList.load(host), host.settings), host), try OpenSocket.all(host))
        },
        .host("ports.exposed", "no port is open to the network that need not be") { host in
            if host.settings.parts.environment == .local {
                return .skip("on a developer's machine anything may be open")
            }
            let sockets = try OpenSocket.all(host).filter { !$0.isLoopback }
            return exposed(try PortList.load(host).entries, sockets, OpenSocket.holders(of: sockets, host))
        },
    ]

    /// On a developer's machine other programs stand in for those of a host.
    private static func relevant(_ list: PortList, _ settings: DoctorSettings) -> [PortList.Entry] {
        list.entries.filter { entry in
            if entry.name == "api", case .unix? = settings.parts.http?.listen { return false }
            return settings.parts.environment != .local || entry.name == "api"
        }
    }

    /// Those that something must hold: others come and go with meetings, or are served by a socket in the file system.
    private static func needed(_ entries: [PortList.Entry], _ host: DoctorHost) -> [PortList.Entry] {
        let hasProxy = host.exists("/var/lib/livekit-conference-config/Caddyfile")
        let hasLiveKit = host.settings.parts.liveKit?.url.isLoopback ?? false
        return entries.filter { entry in
            switch entry.name {
            case "api": true
            case "https": hasProxy
            case "signalling", "media-tcp": hasLiveKit
            default: false
            }
        }
    }

    /// Ranges are left out: any program's socket may get one of those numbers for a moment.
    static func held(
        _ entries: [PortList.Entry], _ sockets: [OpenSocket], _ holders: [String: [OpenSocket.Holder]]
    ) -> DoctorFinding {
        var others: [String] = []
        var unseen: [String] = []
        for entry in entries where entry.ports.count == 1 {
            for socket in sockets where socket.transport == entry.transport && entry.ports.contains(socket.port) {
                let found = holders[socket.inode] ?? []
                if found.isEmpty {
                    unseen.append(entry.text)
                } else if !found.contains(where: { $0.isNamed(entry.program) || isSystemd($0) }) {
                    let names = found.map { "\($0.program) (process \($0.process))" }
                    others.append("\(entry.text) is held by \(names.joined(separator: ", ")), not by \(entry.program)")
                }
            }
        }
        if !others.isEmpty {
            return .fail(
                others.joined(separator: "\n"),
                "Stop that program, or let it use another port; then: systemctl restart \(UnitChecks.target)")
        }
        if !unseen.isEmpty {
            return .unknown("who holds \(unseen.joined(separator: ", ")) can't be seen", "Run it as root.")
        }
        return .pass("what is held, its own program holds")
    }

    /// It holds a unit's socket together with the program.
    private static func isSystemd(_ holder: OpenSocket.Holder) -> Bool {
        holder.process == 1 && holder.program == "systemd"
    }

    static func listening(_ entries: [PortList.Entry], _ sockets: [OpenSocket]) -> DoctorFinding {
        guard !entries.isEmpty else { return .skip("no port of ours is on this machine") }
        let missing = entries.filter { entry in
            !sockets.contains { $0.transport == entry.transport && entry.ports.contains($0.port) }
        }
        guard !missing.isEmpty else { return .pass(entries.map(\.text).joined(separator: ", ")) }
        return .fail(
            "nothing listens on " + missing.map { "\($0.text) (\($0.program))" }.joined(separator: ", "),
            "See units.active; then: systemctl start \(UnitChecks.target)")
    }

    static func exposed(
        _ entries: [PortList.Entry], _ sockets: [OpenSocket], _ holders: [String: [OpenSocket.Holder]]
    ) -> DoctorFinding {
        var ours: Set<String> = []
        var others: Set<String> = []
        for socket in sockets {
            let entry = entries.first { $0.transport == socket.transport && $0.ports.contains(socket.port) }
            if let entry, entry.origin != .loopback { continue }
            // Sockets of a UDP client have numbers of the ephemeral range and wait for an answer only.
            if socket.transport == "udp", socket.port >= 32768 { continue }
            let program = holders[socket.inode]?.first?.program ?? "a program that can't be seen"
            let text = "\(socket.port)/\(socket.transport) of \(program)"
            if entry == nil { others.insert(text) } else { ours.insert(text) }
        }
        let remedy = "Let it listen on 127.0.0.1 alone, or stop it: docs/ports.md lists what may be open."
        if !ours.isEmpty { return .fail("open to the network: \(ours.sorted().joined(separator: ", "))", remedy) }
        if !others.isEmpty { return .warn("open to the network: \(others.sorted().joined(separator: ", "))", remedy) }
        return .pass("none")
    }
}
