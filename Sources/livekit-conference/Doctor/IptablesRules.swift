/// The filter table as iptables-save(8) writes it.
struct IptablesRules: Sendable {
    private var policies: [String: String] = [:]
    private var chains: [String: [String]] = [:]

    /// - Parameter text: of iptables-save or ip6tables-save.
    init(_ text: String) {
        var isFilter = false
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("*") { isFilter = line == "*filter" }
            guard isFilter else { continue }
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix(":"), words.count >= 2 { policies[String(words[0].dropFirst())] = words[1] }
            if line.hasPrefix("-A "), words.count >= 2 { chains[words[1], default: []].append(line) }
        }
    }

    var isEmpty: Bool { chains.isEmpty && policies.isEmpty }

    func verdict(_ packet: PacketFilter.Packet) -> PacketFilter.Verdict {
        for (index, rule) in (chains["INPUT"] ?? []).enumerated() {
            switch decision(rule, packet, depth: 0) {
            case .accept: return .accepted
            case .refuse(let by): return .blocked(rule: by, position: index + 1)
            case .goOn, .goBack: continue
            }
        }
        if policies["INPUT"] == "DROP" {
            return .blocked(rule: "-P INPUT DROP", position: (chains["INPUT"] ?? []).count + 1)
        }
        return .accepted
    }

    private enum Decision {
        case accept
        case refuse(by: String)
        /// With the next rule.
        case goOn
        /// To the chain that this one was called from.
        case goBack
    }

    private func decision(_ rule: String, _ packet: PacketFilter.Packet, depth: Int) -> Decision {
        // Chains don't call each other in circles; a limit all the same.
        guard depth < 32 else { return .goOn }
        let words = rule.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(where: { $0 == "-j" || $0 == "-g" }), place + 1 < words.count else {
            return .goOn
        }
        guard matches(Array(words[2..<place]), packet) == .yes else { return .goOn }
        switch words[place + 1] {
        case "ACCEPT": return .accept
        case "DROP", "REJECT": return .refuse(by: rule)
        case "RETURN": return .goBack
        case let chain where chains[chain] != nil: return walk(chain, packet, depth: depth + 1)
        default: return .goOn
        }
    }

    private func walk(_ chain: String, _ packet: PacketFilter.Packet, depth: Int) -> Decision {
        for rule in chains[chain] ?? [] {
            switch decision(rule, packet, depth: depth) {
            case .accept: return .accept
            case .refuse(let by): return .refuse(by: by)
            case .goBack: return .goOn
            case .goOn: continue
            }
        }
        return .goOn
    }

    /// - Parameter words: the rule without its chain and target.
    private func matches(_ words: [String], _ packet: PacketFilter.Packet) -> PacketFilter.Match {
        var index = 0
        var isInverted = false
        while index < words.count {
            let option = words[index]
            let value = index + 1 < words.count ? words[index + 1] : ""
            index += 2
            let holds: Bool
            switch option {
            case "!":
                isInverted = true
                index -= 1
                continue
            case "-m", "--match": continue
            case "--comment":
                // In quotation marks where it has spaces.
                if value.hasPrefix("\"") {
                    while index < words.count, !words[index - 1].hasSuffix("\"") { index += 1 }
                }
                continue
            case "-p": holds = value == packet.transport || value == "all"
            case "--dport", "--dports": holds = value.split(separator: ",").contains { contains($0, packet.port) }
            case "--state", "--ctstate": holds = value.split(separator: ",").contains("NEW")
            case "-i": holds = value != "lo"
            case "--reject-with": continue
            default: return .unclear
            }
            if holds == isInverted { return .no }
            isInverted = false
        }
        return .yes
    }

    private func contains(_ range: Substring, _ port: Int) -> Bool {
        let ends = range.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first, let last = ends.last else { return false }
        return port >= (first ?? 0) && port <= (last ?? 65535)
    }
}
