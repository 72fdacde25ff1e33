import Synchronization

/// Counts observations in buckets. Observing takes a few atomic instructions; use it from any thread.
///
/// `@unchecked Sendable`: `counts` is allocated once, freed in deinit, and its elements are atomics.
public final class Histogram: @unchecked Sendable {
    /// Buckets for times of requests and queries, in seconds: 0.5 ms to 10 s.
    public static let secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    let bounds: [Double]
    private let counts: UnsafeMutablePointer<Atomic<Int>>
    private let sumBits = Atomic<UInt64>(0)

    init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "histogram bounds must ascend")
        self.bounds = bounds
        counts = .allocate(capacity: bounds.count + 1)
        for index in 0...bounds.count { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counts.deinitialize(count: bounds.count + 1)
        counts.deallocate()
    }

    public func observe(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[index].wrappingAdd(1, ordering: .relaxed)
        var old = sumBits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + value).bitPattern
            let (exchanged, found) = sumBits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = found
        }
    }

    /// Observes a time in seconds.
    public func observe(_ duration: Duration) { observe(duration.seconds) }

    /// The number of observations so far.
    public var count: Int { snapshot().counts.reduce(0, +) }

    /// The count of each bucket (the last one is above every bound) and the sum of all values.
    func snapshot() -> (counts: [Int], sum: Double) {
        let values = (0...bounds.count).map { counts[$0].load(ordering: .relaxed) }
        return (values, Double(bitPattern: sumBits.load(ordering: .relaxed)))
    }
}
