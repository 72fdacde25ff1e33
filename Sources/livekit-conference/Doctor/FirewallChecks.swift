import Platform

/// The host's own packet filter against the list of ports. Oracle's network has rules of its own, which can't be seen from here.
enum FirewallChecks {
    static let all: [DoctorCheck] = [
        .host("firewall.public", "the host's packet filter lets in what the world must reach", limit: .seconds(30)) {
            host in
            try verdict(host)
        }
    ]

    private static func verdict(_ host: DoctorHost) throws -> DoctorFinding {
        let entries = try PortList.load(host).entries.filter { $0.origin == .any || $0.origin == .option }
        guard host.isRoot else { return .unknown("the packet filter can't be read", "Run it as root.") }
        var layers: [Layer] = []
        var unread: [String] = []
        for (program, isIPv6) in [("/usr/sbin/iptables-save", false), ("/usr/sbin/ip6tables-save", true)] {
            guard host.exists(program) else { continue }
            let output = try host.run(program, ["--table", "filter"])
            if output.status == 0 {
                let rules = IptablesRules(output.text)
                if !rules.isEmpty { layers.append(Layer(program: program, isIPv6: isIPv6) { rules.verdict($0) }) }
            } else {
                unread.append("\(program) ended with \(output.status)")
            }
        }
        if host.exists("/usr/sbin/nft") {
            let output = try host.run("/usr/sbin/nft", ["--json", "list", "ruleset"])
            if output.status == 0 {
                // iptables keeps its rules there, too, in words that nft can't tell.
                let rules = try NftRules(json: output.text) { family, table in
                    !layers.isEmpty && (family == "ip" || family == "ip6") && table == "filter"
                }
                for isIPv6 in [false, true] where !rules.isEmpty {
                    layers.append(Layer(program: "/usr/sbin/nft", isIPv6: isIPv6) { rules.verdict($0) })
                }
            } else {
                unread.append("nft ended with \(output.status)")
            }
        }
        if layers.isEmpty, !unread.isEmpty {
            return .unknown(unread.joined(separator: ", "), "Run it as root, on the host itself.")
        }
        return verdict(entries, layers)
    }

    /// A set of rules that packets pass.
    struct Layer: Sendable {
        let program: String
        let isIPv6: Bool
        let verdict: @Sendable (PacketFilter.Packet) -> PacketFilter.Verdict
    }

    static func verdict(_ entries: [PortList.Entry], _ layers: [Layer]) -> DoctorFinding {
        guard !layers.isEmpty else { return .pass("there are no rules") }
        for layer in layers {
            var blocked: [PortList.Entry] = []
            var first: (rule: String, position: Int)?
            for entry in entries {
                for port in Set([
                    entry.ports.lowerBound, (entry.ports.lowerBound + entry.ports.upperBound) / 2,
                    entry.ports.upperBound,
                ]) {
                    let packet = PacketFilter.Packet(transport: entry.transport, port: port, isIPv6: layer.isIPv6)
                    if case .blocked(let rule, let position) = layer.verdict(packet) {
                        if first == nil { first = (rule, position) }
                        if blocked.last != entry { blocked.append(entry) }
                    }
                }
            }
            guard let first else { continue }
            let reason = """
                \(layer.program.split(separator: "/").last ?? "") (\(layer.isIPv6 ? "IPv6" : "IPv4")) lets nobody in to \
                \(blocked.map(\.text).joined(separator: ", ")): before any rule that does comes \(first.rule)
                """
            let remedy = remedy(layer, blocked, before: first.position)
            // Browsers that fail by IPv6 try IPv4.
            return layer.isIPv6 ? .warn(reason, remedy) : .fail(reason, remedy)
        }
        return .pass(entries.map(\.text).joined(separator: ", "))
    }

    private static func remedy(_ layer: Layer, _ blocked: [PortList.Entry], before position: Int) -> String {
        guard layer.program.hasSuffix("tables-save") else {
            return "Add before that rule, here and in /etc/nftables.conf: "
                + blocked.map { "\($0.transport) dport \($0.ports.lowerBound)-\($0.ports.upperBound) accept" }.joined(
                    separator: "; ")
        }
        let program = layer.isIPv6 ? "ip6tables" : "iptables"
        let commands = ["tcp", "udp"].compactMap { transport -> String? in
            let ports = blocked.filter { $0.transport == transport }.map { entry in
                entry.ports.count == 1
                    ? "\(entry.ports.lowerBound)" : "\(entry.ports.lowerBound):\(entry.ports.upperBound)"
            }
            guard !ports.isEmpty else { return nil }
            return
                "\(program) -I INPUT \(position) -p \(transport) -m multiport --dports \(ports.joined(separator: ",")) -j ACCEPT"
        }
        let file = "/etc/iptables/rules.\(layer.isIPv6 ? "v6" : "v4")"
        return commands.joined(separator: "\n")
            + "\nand the same lines in \(file) before that rule, so that they outlive a restart. Flush nothing: other chains guard the disk."
    }
}
