import HTTPServer
import Platform

/// `packaging/ports`: what a host listens on.
struct PortList: Sendable {
    /// From where a port is reached.
    enum Origin: String, Sendable { case any, admin, option, peer, loopback }

    struct Entry: Hashable, Sendable {
        let name: String
        /// `tcp` or `udp`.
        let transport: String
        var ports: ClosedRange<Int>
        let origin: Origin
        let program: String

        /// As people write it: `443/tcp`.
        var text: String {
            let numbers = ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
            return "\(numbers)/\(transport)"
        }
    }

    private(set) var entries: [Entry]

    /// - Throws: ``DoctorFinding`` for a line that can't be meant.
    init(_ text: String) throws(DoctorFinding) {
        entries = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            if words.isEmpty { continue }
            guard words.count >= 5, let origin = Origin(rawValue: words[3]), words[1] == "tcp" || words[1] == "udp",
                case let ends = words[2].split(separator: "-").map({ UInt16($0) ?? 0 }), let first = ends.first,
                let last = ends.last, first > 0, first <= last
            else { throw .unknown("the list of ports has a line that can't be read: \(line)") }
            entries.append(
                Entry(
                    name: words[0], transport: words[1], ports: Int(first)...Int(last), origin: origin,
                    program: words[4]))
        }
    }

    /// The list that the package has installed, or that of the checkout whose migrations are used, with the ports that the
    /// configuration names instead.
    static func load(_ host: DoctorHost) throws(DoctorFinding) -> PortList {
        var places = ["/usr/share/livekit-conference/ports"]
        if let migrations = host.settings.parts.program?.migrationsDirectory, migrations.hasSuffix("/migrations") {
            places.append(migrations.dropLast("/migrations".count) + "/packaging/ports")
        }
        for place in places {
            if let text = try host.text(place) { return try PortList(text).configured(by: host.settings.parts) }
        }
        throw .unknown("the list of ports is not at \(places[0])", "Install the package livekit-conference again.")
    }

    func configured(by parts: ConfigurationParts) -> PortList {
        var list = self
        func set(_ name: String, _ ports: ClosedRange<Int>?) {
            guard let ports else { return }
            for index in list.entries.indices where list.entries[index].name == name {
                list.entries[index].ports = ports
            }
        }
        if case .tcp(_, let port)? = parts.http?.listen { set("api", Int(port)...Int(port)) }
        set("media-tcp", (parts.host?.mediaTCPPort).map { $0...$0 })
        set("media-udp", parts.host?.mediaUDPPorts)
        if let url = parts.liveKit?.url, url.isLoopback {
            set("signalling", Int(url.port ?? 7880)...Int(url.port ?? 7880))
        }
        if parts.host?.plainPort != .open { list.entries.removeAll { $0.origin == .option } }
        return list
    }
}
