import Synchronization

/// A whole number that goes up and down. Changing it is one atomic instruction; use it from any thread.
public final class Gauge: Sendable {
    private let current = Atomic<Int>(0)

    init() {}

    public func set(_ value: Int) { current.store(value, ordering: .relaxed) }
    public func increment(by amount: Int = 1) { current.wrappingAdd(amount, ordering: .relaxed) }
    public func decrement(by amount: Int = 1) { current.wrappingSubtract(amount, ordering: .relaxed) }

    public var value: Int { current.load(ordering: .relaxed) }
}
