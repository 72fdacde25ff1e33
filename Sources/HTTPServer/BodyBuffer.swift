import Platform

/// The part of a request's body that has come and was not read yet. Used on its loop only.
final class BodyBuffer {
    /// Above this many bytes the client is held back.
    private static let highWater = 64 * 1024

    /// The largest body in bytes.
    var limit = 0
    private let loop: EventLoop
    private var pieces: [UInt8] = []
    private var received = 0
    private var end: Result<Void, any Error>?
    private var isDiscarding = false
    private var reader: LoopWaiter<[UInt8]?>?

    init(loop: EventLoop) { self.loop = loop }

    func fits(_ count: Int) -> Bool { received + count <= limit }

    var isFull: Bool { pieces.count >= BodyBuffer.highWater }

    /// Whether another piece may be appended.
    var hasRoom: Bool { isDiscarding || !isFull }

    func append(_ piece: UnsafeRawBufferPointer) {
        received += piece.count
        if isDiscarding { return }
        if let reader {
            self.reader = nil
            reader.finish(.success(Array(piece)))
        } else {
            pieces.append(contentsOf: piece)
        }
    }

    /// Nothing more will come. The first call counts.
    func finish(_ result: Result<Void, any Error>) {
        guard end == nil else { return }
        end = result
        guard let reader else { return }
        self.reader = nil
        reader.finish(result.map { nil })
    }

    /// Nobody will read any more.
    func discard() {
        isDiscarding = true
        pieces = []
    }

    /// What is there, or nil when there is nothing.
    func take() -> [UInt8]? {
        guard !pieces.isEmpty else { return nil }
        defer { pieces = [] }
        return pieces
    }

    /// Waits for the next piece, nil at the end. One reader at a time.
    func wait() async throws -> [UInt8]? {
        if let end {
            try end.get()
            return nil
        }
        precondition(reader == nil, "two tasks read one request's body")
        let waiter = LoopWaiter<[UInt8]?>(loop: loop)
        reader = waiter
        return try await waiter.wait()
    }
}
