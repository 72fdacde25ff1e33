import FoundationEssentials

/// The rule set as `nft --json list ruleset` writes it (libnftables-json(5)).
struct NftRules: Sendable {
    private struct Chain: Sendable {
        let key: String
        let family: String
        let priority: Int
        let policy: String
    }

    private struct Rule: Sendable {
        let expressions: [JSONTree]
        let text: String
    }

    private var bases: [Chain] = []
    private var rules: [String: [Rule]] = [:]
    private var sets: [String: [JSONTree]] = [:]

    /// - Parameter isForeign: whether a table is left out, by its family and name.
    /// - Throws: ``DoctorFinding`` when it isn't what nft writes.
    init(json: String, leavingOut isForeign: (String, String) -> Bool) throws(DoctorFinding) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(json.utf8)),
            let items = tree["nftables"]?.list
        else { throw .unknown("nft --json list ruleset gave no rule set") }
        for item in items {
            let kind = ["chain", "rule", "set"].first { item[$0] != nil }
            guard let kind, let object = item[kind], let family = object["family"]?.text,
                let table = object["table"]?.text, !isForeign(family, table)
            else { continue }
            let name = object["name"]?.text ?? object["chain"]?.text ?? ""
            let key = "\(family) \(table) \(name)"
            switch kind {
            case "chain":
                guard object["hook"]?.text == "input", object["type"]?.text == "filter" else { continue }
                bases.append(
                    Chain(
                        key: key, family: family, priority: object["prio"]?.number ?? 0,
                        policy: object["policy"]?.text ?? "accept"))
            case "rule":
                rules[key, default: []].append(
                    Rule(expressions: object["expr"]?.list ?? [], text: "nft rule in \(key)"))
            default: sets[key] = object["elem"]?.list ?? []
            }
        }
        bases.sort { $0.priority < $1.priority }
    }

    var isEmpty: Bool { bases.isEmpty }

    /// A packet must pass every base chain.
    func verdict(_ packet: PacketFilter.Packet) -> PacketFilter.Verdict {
        for base in bases where base.family == "inet" || base.family == (packet.isIPv6 ? "ip6" : "ip") {
            switch walk(base.key, packet, depth: 0) {
            case .refuse(let rule, let position): return .blocked(rule: rule, position: position)
            case .accept: continue
            case .goOn:
                if base.policy == "drop" {
                    return .blocked(rule: "policy drop of \(base.key)", position: (rules[base.key] ?? []).count + 1)
                }
            }
        }
        return .accepted
    }

    private enum Decision {
        case accept
        case refuse(by: String, position: Int)
        case goOn
    }

    private func walk(_ key: String, _ packet: PacketFilter.Packet, depth: Int) -> Decision {
        guard depth < 32 else { return .goOn }
        let place = key.split(separator: " ").dropLast().joined(separator: " ")
        for (index, rule) in (rules[key] ?? []).enumerated() {
            rule: for expression in rule.expressions {
                guard let kind = expression.names.first, let value = expression[kind] else { continue }
                switch kind {
                case "match":
                    if holds(value, packet, in: place) != .yes { break rule }
                case "counter", "log", "comment": continue
                case "accept": return .accept
                case "drop", "reject": return .refuse(by: "\(rule.text), number \(index + 1)", position: index + 1)
                case "return": return .goOn
                case "jump", "goto":
                    let decision = walk("\(place) \(value["target"]?.text ?? "")", packet, depth: depth + 1)
                    if case .goOn = decision { if kind == "goto" { return .goOn } } else { return decision }
                case "vmap":
                    switch mapped(value, packet, in: place)?.names.first {
                    case "accept": return .accept
                    case "drop": return .refuse(by: "\(rule.text), number \(index + 1)", position: index + 1)
                    default: continue
                    }
                default:
                    // A rate, a quota, a mark: it holds for no stranger.
                    break rule
                }
            }
        }
        return .goOn
    }

    private func holds(_ match: JSONTree, _ packet: PacketFilter.Packet, in place: String) -> PacketFilter.Match {
        guard let left = match["left"], let right = match["right"], let value = value(of: left, packet) else {
            return .unclear
        }
        let isContained = contains(right, value, in: place)
        return isContained == (match["op"]?.text != "!=") ? .yes : .no
    }

    /// What the packet has there; nil for what isn't known of it.
    private func value(of left: JSONTree, _ packet: PacketFilter.Packet) -> JSONTree? {
        if let payload = left["payload"], payload["field"]?.text == "dport" {
            let transport = payload["protocol"]?.text
            // A rule about another transport holds for no packet of this one.
            return transport == packet.transport || transport == "th" ? .number(Double(packet.port)) : .text("none")
        }
        switch left["meta"]?["key"]?.text {
        case "l4proto": return .text(packet.transport)
        case "nfproto": return .text(packet.isIPv6 ? "ipv6" : "ipv4")
        case "iifname", "iif": return .text("(network)")
        default: break
        }
        if left["ct"]?["key"]?.text == "state" { return .text("new") }
        if left["payload"]?["field"]?.text == "protocol" { return .text(packet.transport) }
        return nil
    }

    private func contains(_ right: JSONTree, _ value: JSONTree, in place: String) -> Bool {
        if right == value { return true }
        if let name = right.text, name.hasPrefix("@") {
            return (sets["\(place) \(name.dropFirst())"] ?? []).contains { contains($0, value, in: place) }
        }
        if let elements = right["set"]?.list ?? right.list {
            return elements.contains { contains($0, value, in: place) }
        }
        if let element = right["elem"]?["val"] { return contains(element, value, in: place) }
        if let ends = right["range"]?.list, ends.count == 2, let first = ends[0].number, let last = ends[1].number,
            let number = value.number
        {
            return first <= number && number <= last
        }
        return false
    }

    private func mapped(_ map: JSONTree, _ packet: PacketFilter.Packet, in place: String) -> JSONTree? {
        guard let key = map["key"], let value = value(of: key, packet), let pairs = map["data"]?["set"]?.list else {
            return nil
        }
        for pair in pairs {
            if let parts = pair.list, parts.count == 2, contains(parts[0], value, in: place) { return parts[1] }
        }
        return nil
    }
}
