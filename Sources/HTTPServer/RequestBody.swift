/// The content of a request. It can be read once.
public struct RequestBody: Sendable {
    private let next: @Sendable () async throws -> [UInt8]?

    /// - Parameter next: gives the next piece, nil at the end.
    public init(next: @escaping @Sendable () async throws -> [UInt8]?) { self.next = next }

    public static let empty = RequestBody(next: { nil })

    /// A body that is in memory already; for tests.
    public static func bytes(_ bytes: [UInt8]) -> RequestBody {
        let source = OneTimeSource(bytes)
        return RequestBody(next: { source.take() })
    }

    /// The next piece as it came from the network, or nil at the end. The client is held back while nobody asks.
    ///
    /// - Throws: ``HTTPProblem`` 413 when the route's limit is passed, `CancellationError` when the client left.
    public func read() async throws -> [UInt8]? { try await next() }

    /// The whole content. The route's limit bounds it.
    public func collect() async throws -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try await next() {
            if all.isEmpty { all = piece } else { all.append(contentsOf: piece) }
        }
        return all
    }
}
