/// Finds the handler for a method and path, and answers 404, 405 with `Allow`, HEAD and OPTIONS by itself.
///
/// Templates have literal segments and parameters, `/api/v1/meetings/{id}`; a literal segment wins over a parameter.
/// HEAD is answered by the handler of GET. A trailing slash is another path.
public struct Router: Sendable {
    /// Limits of one route.
    public struct Options: Sendable {
        /// The largest request body in bytes; beyond it the answer is 413.
        public var bodyLimit: Int
        /// How long the handler may take, with reading the body, before it is cancelled and the answer is 503.
        public var timeout: Duration

        public init(bodyLimit: Int = 64 * 1024, timeout: Duration = .seconds(30)) {
            self.bodyLimit = bodyLimit
            self.timeout = timeout
        }
    }

    /// What a method and path lead to.
    enum Match: Sendable {
        case found(Route, PathParameters)
        case methodNotAllowed(template: String, allow: [HTTPMethod])
        case notFound
        /// The request's URL can't be read.
        case refused(HTTPProblem, template: String?)

        var template: String? {
            switch self {
            case .found(let route, _): route.template
            case .methodNotAllowed(let template, _): template
            case .refused(_, let template): template
            case .notFound: nil
            }
        }
    }

    /// Makes the answer of an error, which is nothing but a status without it.
    let problemRenderer: ProblemRenderer
    /// Hears of errors that are no ``HTTPProblem`` and are answered with a plain 500.
    let onUnexpectedError: UnexpectedErrorObserver
    private var tree = RouteTree()
    private var routeCount = 0
    private var middleware: [any Middleware] = []

    public typealias ProblemRenderer = @Sendable (HTTPProblem, HTTPRequest) -> HTTPResponse
    public typealias UnexpectedErrorObserver = @Sendable (any Error, HTTPRequest) -> Void

    public init(
        problemRenderer: @escaping ProblemRenderer = { problem, _ in
            HTTPResponse(problem.status, headers: problem.headers)
        },
        onUnexpectedError: @escaping UnexpectedErrorObserver = { _, _ in }
    ) {
        self.problemRenderer = problemRenderer
        self.onUnexpectedError = onUnexpectedError
    }

    /// Adds middleware inside of what was added before.
    public mutating func use(_ middleware: any Middleware) { self.middleware.append(middleware) }

    /// Adds a GET route whose answer never changes. It passes no middleware, and is the fastest there is.
    public mutating func addFixed(_ template: String, response: HTTPResponse) {
        insert(
            Route(
                method: .get, template: template, index: routeCount, options: Options(), handler: { _ in response },
                fixed: FixedResponse(response)))
    }

    /// Adds a route. Adding the same method and template twice is an error of our own code.
    public mutating func add(
        _ method: HTTPMethod, _ template: String, options: Options = Options(),
        handler: @escaping HTTPHandler
    ) {
        insert(Route(method: method, template: template, index: routeCount, options: options, handler: handler))
    }

    private mutating func insert(_ route: Route) {
        tree.insert(route)
        routeCount += 1
    }

    /// All routes as method and template, in no order.
    public var routes: [(method: HTTPMethod, template: String)] {
        tree.all.map { (method: $0.method, template: $0.template) }
    }

    func match(_ method: HTTPMethod, path: String) -> Match {
        var path = path
        return path.withUTF8 { match(method, $0) }
    }

    private func match(_ method: HTTPMethod, _ path: UnsafeBufferPointer<UInt8>) -> Match {
        guard let finding = tree.find(path) else { return .notFound }
        let wanted = method == .head && !finding.routes.contains { $0.method == .head } ? HTTPMethod.get : method
        guard let route = finding.routes.first(where: { $0.method == wanted }) else {
            return .methodNotAllowed(
                template: finding.routes.first?.template ?? "", allow: Router.allowed(finding.routes))
        }
        do {
            return .found(route, try PathParameters(route.parameterNames, finding.values, of: path))
        } catch {
            return .refused(error, template: route.template)
        }
    }

    private static func allowed(_ routes: [Route]) -> [HTTPMethod] {
        var methods = Set(routes.map(\.method))
        methods.insert(.options)
        if methods.contains(.get) { methods.insert(.head) }
        return methods.sorted { $0.rawValue < $1.rawValue }
    }

    /// Answers a request: finds the route, runs middleware and handler, and turns errors into answers.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        await respond(to: request, match: match(request.method, path: request.path))
    }

    /// - Parameter cancelled: the problem of a request whose task was cancelled.
    func respond(
        to request: HTTPRequest, match: Match, cancelled: @Sendable () -> HTTPProblem = { .clientLeft }
    ) async -> HTTPResponse {
        var request = request
        let handler: HTTPHandler
        switch match {
        case .found(let route, let parameters):
            request.route = route.template
            request.routeIndex = route.index
            request.parameters = parameters
            handler = route.handler
        case .methodNotAllowed(let template, let allow):
            request.route = template
            handler = { request in try Router.answerWithoutRoute(request, allow: allow) }
        case .notFound:
            handler = { request in
                throw HTTPProblem(
                    .notFound, code: "not_found", title: "Not found",
                    detail: "There is nothing at this path. See /api/openapi.json for what there is.")
            }
        case .refused(let problem, let template):
            request.route = template
            handler = { _ in throw problem }
        }
        return await run(request, from: 0, handler, cancelled)
    }

    /// Runs the middleware from a place on, then the handler, whose answer may have become needless.
    private func run(
        _ request: HTTPRequest, from place: Int, _ handler: HTTPHandler, _ cancelled: @Sendable () -> HTTPProblem
    ) async -> HTTPResponse {
        do {
            guard place < middleware.count else {
                let response = try await handler(request)
                // It may not have noticed that its time was over, but nobody waits for its answer any more.
                if Task.isCancelled { throw cancelled() }
                return ConditionalRequest.apply(to: response, of: request)
            }
            return try await middleware[place].handle(request) { request in
                await run(request, from: place + 1, handler, cancelled)
            }
        } catch let problem as HTTPProblem {
            return problemRenderer(problem, request)
        } catch is CancellationError where Task.isCancelled {
            return problemRenderer(cancelled(), request)
        } catch {
            onUnexpectedError(error, request)
            return problemRenderer(.unexpected(error), request)
        }
    }

    private static func answerWithoutRoute(_ request: HTTPRequest, allow: [HTTPMethod]) throws
        -> HTTPResponse
    {
        let list = allow.map(\.rawValue).joined(separator: ", ")
        if request.method == .options { return HTTPResponse(.noContent, headers: ["Allow": list]) }
        throw HTTPProblem(
            .methodNotAllowed, code: "method_not_allowed", title: "Method not allowed",
            detail: "This path takes \(list).", headers: ["Allow": list])
    }
}
