/// What a pool looks like at a moment, for metrics.
public struct PostgresPoolStatistics: Hashable, Sendable {
    /// Connections that exist or are being made.
    public var size = 0
    public var idle = 0
    public var leased = 0
    /// Callers that wait for a connection.
    public var waiting = 0
    /// The most connections there ever were at once.
    public var peakSize = 0
    /// The most there may be.
    public var maximumSize = 0

    public init() {}

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.size += right.size
        sum.idle += right.idle
        sum.leased += right.leased
        sum.waiting += right.waiting
        sum.peakSize += right.peakSize
        sum.maximumSize += right.maximumSize
        return sum
    }
}
