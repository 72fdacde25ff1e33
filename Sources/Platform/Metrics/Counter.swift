import Synchronization

/// A number that only grows while the process lives. Adding is one atomic instruction; use it from any thread.
public final class Counter: Sendable {
    private let total = Atomic<Int>(0)

    init() {}

    public func increment(by amount: Int = 1) {
        assert(amount >= 0, "a counter only grows")
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: Int { total.load(ordering: .relaxed) }
}
