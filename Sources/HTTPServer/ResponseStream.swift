import Platform

/// The source of a streamed answer: fetches one piece at a time and hands it out in parts. Used on its loop only.
///
/// `@unchecked Sendable`: captured by the fetching task, which runs on the same loop.
final class ResponseStream: @unchecked Sendable {
    enum Outcome {
        case bytes(Int)
        case pending
        case end
        case failed(any Error)
    }

    private let next: @Sendable () async throws -> [UInt8]?
    private var piece: ArraySlice<UInt8> = []
    private var end: Outcome?
    private var task: Task<Void, Never>?

    init(next: @escaping @Sendable () async throws -> [UInt8]?) { self.next = next }

    var hasOutcome: Bool { !piece.isEmpty || end != nil }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        guard !piece.isEmpty else { return end ?? .pending }
        let count = min(buffer.count, piece.count)
        buffer.copyBytes(from: piece.prefix(count))
        piece.removeFirst(count)
        return .bytes(count)
    }

    /// Fetches the next piece; `arrived` is called if that took a wait.
    func fetch(on loop: EventLoop, arrived: @escaping @Sendable () -> Void) {
        guard task == nil else { return }
        let work = Task.immediate(executorPreference: loop) { [self] in
            do {
                var fetched: [UInt8]? = []
                while let bytes = fetched, bytes.isEmpty { fetched = try await next() }
                if let fetched { piece = fetched[...] } else { end = .end }
            } catch {
                end = .failed(error)
            }
            task = nil
            arrived()
        }
        if !hasOutcome { task = work }
    }

    func cancel() {
        task?.cancel()
        task = nil
        end = .end
    }
}
