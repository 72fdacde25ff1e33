/// What a host's packet filter does with the first packet of a stranger to a port.
enum PacketFilter {
    struct Packet: Hashable, Sendable {
        /// `tcp` or `udp`.
        let transport: String
        let port: Int
        var isIPv6 = false
    }

    enum Verdict: Hashable, Sendable {
        case accepted
        /// By a rule, as it is written, and where in the first chain it came to that.
        case blocked(rule: String, position: Int)
    }

    /// Whether a condition holds. What can't be judged (rates, sources, marks) holds for no stranger.
    enum Match { case yes, no, unclear }
}
