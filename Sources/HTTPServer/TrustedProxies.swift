/// The proxies whose word on the client's address and the request's id is taken.
public struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: IPAddress
        let prefix: Int

        func contains(_ other: IPAddress) -> Bool {
            guard other.bytes.count == address.bytes.count else { return false }
            for index in 0..<prefix {
                let mask = UInt8(0x80) >> UInt8(index % 8)
                if (address.bytes[index / 8] ^ other.bytes[index / 8]) & mask != 0 { return false }
            }
            return true
        }
    }

    private var networks: [Network] = []
    private var trustsUnixPeers = false

    /// Trusts nobody.
    public init() {}

    /// - Parameter entries: networks such as `10.0.0.0/8` or `::1`, or `unix` for every client on a Unix socket.
    /// - Returns: nil when an entry is none of these.
    public init?(_ entries: [String]) {
        for entry in entries {
            if entry == "unix" {
                trustsUnixPeers = true
                continue
            }
            let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let address = IPAddress(String(parts[0])) else { return nil }
            let bits = address.bytes.count * 8
            guard parts.count == 2 else {
                networks.append(Network(address: address, prefix: bits))
                continue
            }
            guard let prefix = Int(parts[1]), (0...bits).contains(prefix) else { return nil }
            networks.append(Network(address: address, prefix: prefix))
        }
    }

    /// - Parameter peer: the connection's other end; nil on a Unix socket.
    func trusts(_ peer: IPAddress?) -> Bool {
        guard let peer else { return trustsUnixPeers }
        return networks.contains { $0.contains(peer) }
    }

    /// The client's address: the last one in `X-Forwarded-For` that no trusted proxy has, seen from the peer.
    ///
    /// Each proxy appends the address it was called from, so everything left of the first untrusted one may be invented.
    func clientAddress(peer: IPAddress?, forwardedFor values: [String]) -> String {
        guard trusts(peer), !values.isEmpty else { return peer?.description ?? "unix" }
        var client = peer
        for hop in values.joined(separator: ",").split(separator: ",").reversed() {
            let text = hop.filter { $0 != " " && $0 != "\t" }
            guard let address = IPAddress(text) else { break }
            client = address
            if !trusts(address) { break }
        }
        return client?.description ?? "unix"
    }
}
