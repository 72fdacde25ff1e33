import CLinux
import Glibc

/// A point of the clock that neither jumps nor counts suspension: CLOCK_MONOTONIC of clock_gettime(2).
public struct MonotonicTime: Comparable, Hashable, Sendable {
    private let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    public func advanced(by duration: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: saturatingSum(nanoseconds, duration.nanoseconds))
    }

    public func nanoseconds(since earlier: MonotonicTime) -> Int64 { nanoseconds - earlier.nanoseconds }

    public func duration(since earlier: MonotonicTime) -> Duration { .nanoseconds(nanoseconds(since: earlier)) }
}

extension Duration {
    /// Whole nanoseconds, at most what an `Int64` holds (292 years).
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        return saturatingSum(product, attoseconds / 1_000_000_000)
    }

    /// Seconds with their fraction, for output.
    public var seconds: Double { Double(nanoseconds) / 1_000_000_000 }
}

private func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { return right < 0 ? .min : .max }
    return sum
}
