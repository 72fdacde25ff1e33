import Platform

/// Counts open connections over all loops, and refuses those beyond the limit of one address.
///
/// Trusted proxies and Unix sockets carry many clients, so only the limit of all connections holds for them.
final class ConnectionLimiter: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [IPAddress: Int] = [:]
    }

    private let limit: Int
    private let limitPerAddress: Int
    private let counts = Lock(Counts())

    init(limit: Int, perAddress: Int) {
        self.limit = limit
        limitPerAddress = perAddress
    }

    var total: Int { counts.withLock(\.total) }

    /// Whether one more connection may be taken; it isn't counted yet.
    func admits(_ address: IPAddress?) -> Bool {
        counts.withLock { counts in
            guard counts.total < limit else { return false }
            guard let address else { return true }
            return counts.byAddress[address, default: 0] < limitPerAddress
        }
    }

    func opened(_ address: IPAddress?) {
        counts.withLock { counts in
            counts.total += 1
            if let address { counts.byAddress[address, default: 0] += 1 }
        }
    }

    func closed(_ address: IPAddress?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let address, let count = counts.byAddress[address] else { return }
            counts.byAddress[address] = count > 1 ? count - 1 : nil
        }
    }
}
