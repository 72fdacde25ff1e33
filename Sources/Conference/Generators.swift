import FoundationEssentials

/// The time of day, injected so that tests decide what time it is.
public protocol WallClock: Sendable {
    var now: Date { get }
}

/// The machine's clock, cut to whole microseconds: what PostgreSQL's `timestamptz` keeps, so values survive a round trip.
public struct SystemWallClock: WallClock {
    public init() {}

    public var now: Date {
        let microseconds = (Date().timeIntervalSinceReferenceDate * 1_000_000).rounded(.down)
        return Date(timeIntervalSinceReferenceDate: microseconds / 1_000_000)
    }
}

/// Unpredictable bytes, injected so that tests can repeat themselves.
public protocol RandomSource: Sendable {
    /// `count` bytes fit for secrets.
    func bytes(_ count: Int) -> [UInt8]
}

/// The kernel's random bytes.
public struct SystemRandomSource: RandomSource {
    public init() {}

    public func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        // Eight bytes at a time: each call of the generator is a system call.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }
}

/// Makes new ids.
public protocol IDGenerating: Sendable {
    func next() -> UUID
}

/// Version 7 UUIDs (RFC 9562, section 5.7): 48 bits of milliseconds, 12 bits of their fraction (section 6.2, method 3, as
/// PostgreSQL's `uuidv7()` does), then random bits. So ids made one after the other sort by their time.
public struct UUIDv7Generator: IDGenerating {
    private let clock: any WallClock
    private let random: any RandomSource

    public init(clock: any WallClock = SystemWallClock(), random: any RandomSource = SystemRandomSource()) {
        self.clock = clock
        self.random = random
    }

    public func next() -> UUID {
        let time = max(0, clock.now.timeIntervalSince1970 * 1000)
        let milliseconds = UInt64(time)
        let fraction = UInt16((time - time.rounded(.down)) * 4096)
        let r = random.bytes(8)
        precondition(r.count == 8, "a random source returns as many bytes as asked for")
        return UUID(
            uuid: (
                UInt8(truncatingIfNeeded: milliseconds >> 40), UInt8(truncatingIfNeeded: milliseconds >> 32),
                UInt8(truncatingIfNeeded: milliseconds >> 24), UInt8(truncatingIfNeeded: milliseconds >> 16),
                UInt8(truncatingIfNeeded: milliseconds >> 8), UInt8(truncatingIfNeeded: milliseconds),
                0x70 | UInt8(truncatingIfNeeded: fraction >> 8), UInt8(truncatingIfNeeded: fraction),
                0x80 | (r[0] & 0x3F), r[1],
                r[2], r[3], r[4], r[5], r[6], r[7]
            )
        )
    }
}
