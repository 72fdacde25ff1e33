import CLinux
import Glibc
import Platform

/// The names that browsers use.
enum NameChecks {
    static let all: [DoctorCheck] = [
        .host("names.public", "the names that browsers use lead to this machine") { host in
            try names(host)
        }
    ]

    private static func names(_ host: DoctorHost) throws -> DoctorFinding {
        let http = try host.settings.require(\.http, "PUBLIC_URL, FRONTEND_URL")
        let liveKit = try host.settings.require(\.liveKit, "LIVEKIT_PUBLIC_URL")
        let names = Set([http.publicURL.host, http.frontendURL.host, liveKit.publicURL.host])
            .filter { !isLoopbackHost($0) }.sorted()
        guard !names.isEmpty else { return .skip("all of them mean this very machine") }
        return verdict(names.map { ($0, resolve($0)) }, expected: host.settings.parts.host?.nodeIP)
    }

    enum Resolution: Hashable {
        case addresses([String])
        case failed(String)
    }

    /// Blocks; the resolver has time limits of its own.
    private static func resolve(_ name: String) -> Resolution {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { return .failed(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let info = entry.pointee
            if getnameinfo(info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = info.ai_next
        }
        return .addresses(addresses)
    }

    /// - Parameter expected: the address that media goes to, which is this machine's.
    static func verdict(_ names: [(String, Resolution)], expected: String?) -> DoctorFinding {
        var seen: [String] = []
        for (name, resolution) in names {
            switch resolution {
            case .failed(let reason):
                return .fail(
                    "\(name) can't be resolved: \(reason)",
                    "Make an A record for it\(expected.map { " with \($0)" } ?? ""); a new one takes up to its old TTL to be seen."
                )
            case .addresses(let addresses):
                if addresses.allSatisfy(isLoopbackHost) {
                    return .unknown(
                        "\(name) means this very machine here (\(addresses.joined(separator: ", "))), by /etc/hosts",
                        "Ask from elsewhere what browsers see.")
                }
                seen.append("\(name) is \(addresses.joined(separator: ", "))")
                if let expected, !addresses.contains(expected) {
                    return .warn(
                        "\(name) is \(addresses.joined(separator: ", ")), but media goes to \(expected) (LIVEKIT_NODE_IP)",
                        "Right only behind a load balancer: else correct the A record or LIVEKIT_NODE_IP.")
                }
            }
        }
        return .pass(seen.joined(separator: "; "))
    }
}
