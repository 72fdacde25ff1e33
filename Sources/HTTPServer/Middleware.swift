/// Answers a request.
public typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Something that happens around handlers. It sees the request on its way in and the answer on its way out.
///
/// Middleware of the ``Router`` runs after the route was found (so ``HTTPRequest/route`` is set) and also when there is none;
/// errors of the handler have become answers by then.
public protocol Middleware: Sendable {
    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse
}
