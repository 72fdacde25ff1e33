import Glibc

/// The bytes of a request's body on their way to libcurl.
struct UploadSource {
    enum Step {
        case copied(Int)
        case waitForPiece
        case end
    }

    let promised: Int
    private let isStream: Bool
    private var piece: [UInt8]
    private var offset = 0
    private(set) var given = 0

    init(_ body: HTTPClientRequest.Body) {
        promised = body.length ?? 0
        if case .bytes(let bytes) = body {
            piece = bytes
            given = bytes.count
            isStream = false
        } else {
            piece = []
            isStream = true
        }
    }

    mutating func copy(to target: UnsafeMutableRawPointer, capacity: Int) -> Step {
        let count = min(capacity, piece.count - offset)
        if count > 0 {
            piece.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memcpy(target, base + offset, count)
            }
            offset += count
            return .copied(count)
        }
        return given == promised ? .end : .waitForPiece
    }

    /// - Returns: the error when this is more, or with an empty piece less, than promised.
    mutating func supply(_ next: [UInt8]?) -> HTTPClientError? {
        let total = given + (next?.count ?? 0)
        guard let next, total <= promised else { return .bodyLengthMismatch(promised: promised, given: total) }
        piece = next
        offset = 0
        given = total
        return nil
    }

    /// Goes back to a place, as libcurl asks when a kept connection turned out dead. Streams can't be repeated.
    mutating func seek(to place: Int) -> Bool {
        guard !isStream, place >= 0, place <= piece.count else { return false }
        offset = place
        return true
    }
}
