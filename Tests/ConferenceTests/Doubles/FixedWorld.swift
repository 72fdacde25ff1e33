import Conference
import FoundationEssentials
import Platform

/// A clock that stands still until it is moved.
final class TestClock: WallClock {
    private let moment = Lock(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { moment.withLock { $0 } }

    func advance(by seconds: Double) {
        moment.withLock { $0 = $0.addingTimeInterval(seconds) }
    }
}

/// Bytes that count upwards.
final class CountingBytes: RandomSource {
    private let next = Lock<UInt8>(0)

    func bytes(_ count: Int) -> [UInt8] {
        next.withLock { next in
            (0..<count).map { _ in
                defer { next &+= 1 }
                return next
            }
        }
    }
}

/// Ids that count upwards, so that later ones sort higher.
final class CountingIDs: IDGenerating {
    private let last = Lock<UInt64>(0)

    func next() -> UUID {
        let number = last.withLock { last in
            last += 1
            return last
        }
        let bytes = withUnsafeBytes(of: number.bigEndian) { Array($0) }
        return UUID(
            uuid: (
                1, 0x90, 0, 0, 0, 0, 0x70, 0, 0x80, 0, bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]
            ))
    }
}
