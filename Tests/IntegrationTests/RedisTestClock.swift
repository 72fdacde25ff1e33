import Conference
import FoundationEssentials
import Platform

/// A wall clock that a test moves.
final class RedisTestClock: WallClock {
    private let moment = Lock(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.addingTimeInterval(TimeInterval(duration.components.seconds)) }
    }
}
