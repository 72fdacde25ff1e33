import Platform

/// A response whose head has arrived. Its body is still on the way, or is dropped with the response.
public struct HTTPClientResponse: Sendable {
    public let status: Int
    public let headers: HTTPClientHeaders
    public let body: HTTPClientResponseBody
}

/// The content of a response, read once, piece by piece. The server is held back while nobody reads.
///
/// When the last copy goes away before the end, the transfer is aborted and its connection closed.
public struct HTTPClientResponseBody: Sendable, AsyncSequence {
    private let handle: Handle

    init(transfer: Transfer) { handle = Handle(transfer) }

    /// The next piece, nil at the end.
    ///
    /// - Throws: ``HTTPClientError``, or what the request's own body source threw while it was still being sent.
    public func read() async throws -> [UInt8]? { try await handle.read() }

    /// The whole content.
    ///
    /// - Throws: ``HTTPClientError/bodyTooLarge(limit:)`` as soon as it is known to be longer than `limit` bytes, and
    ///   what else breaks the transfer.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try await read() {
            guard piece.count <= limit - all.count else {
                handle.abandon()
                throw HTTPClientError.bodyTooLarge(limit: limit)
            }
            if all.isEmpty { all = piece } else { all.append(contentsOf: piece) }
        }
        return all
    }

    public func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    public struct Iterator: AsyncIteratorProtocol {
        let body: HTTPClientResponseBody

        public mutating func next() async throws -> [UInt8]? { try await body.read() }
    }

    /// Ties the transfer's life to the copies of the body.
    private final class Handle: Sendable {
        private let transfer: Transfer

        init(_ transfer: Transfer) { self.transfer = transfer }

        deinit { abandon() }

        func abandon() {
            let transfer = transfer
            transfer.loop.execute { transfer.abort(.cancelled) }
        }

        func read() async throws -> [UInt8]? {
            let transfer = transfer
            if transfer.loop.isInLoop { return try await transfer.readBody() }
            return try await transfer.loop.run { try await transfer.readBody() }
        }
    }
}
