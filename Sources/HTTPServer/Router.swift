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

    struct Route: Sendable {
        let template: String
        let options: Options
        let handler: HTTPHandler
        let fixed: FixedResponse?
    }

    /// What a method and path lead to.
    enum Match: Sendable {
        case found(Route, parameters: [String: String])
        case methodNotAllowed(template: String, allow: [HTTPMethod])
        case notFound
    }

    /// Makes the answer of an error, which is nothing but a status without it.
    let problemRenderer: ProblemRenderer
    /// Hears of errors that are no ``HTTPProblem`` and are answered with a plain 500.
    let onUnexpectedError: UnexpectedErrorObserver
    private var root = Node()
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
        let fixed = FixedResponse(response)
        insert(
            .get, Route(template: template, options: Options(), handler: { _ in response }, fixed: fixed))
    }

    /// Adds a route. Adding the same method and template twice is an error of our own code.
    public mutating func add(
        _ method: HTTPMethod, _ template: String, options: Options = Options(),
        handler: @escaping HTTPHandler
    ) {
        insert(method, Route(template: template, options: options, handler: handler, fixed: nil))
    }

    private mutating func insert(_ method: HTTPMethod, _ route: Route) {
        precondition(
            route.template.hasPrefix("/"), "a route's template starts with a slash: \(route.template)")
        root.insert(Router.segments(of: route.template)[...], method: method, route: route)
    }

    /// All routes as method and template, in no order.
    public var routes: [(method: HTTPMethod, template: String)] { root.allRoutes }

    /// - Throws: ``HTTPProblem`` 400 when a parameter's percent-encoding is broken.
    func match(_ method: HTTPMethod, path: String) throws(HTTPProblem) -> Match {
        var values: [Substring] = []
        guard let node = root.find(Router.segments(of: path)[...], values: &values),
            !node.routes.isEmpty
        else {
            return .notFound
        }
        let wanted = method == .head && node.routes[.head] == nil ? HTTPMethod.get : method
        guard let route = node.routes[wanted] else {
            let template = node.routes.values.first?.template ?? ""
            return .methodNotAllowed(template: template, allow: node.allowedMethods)
        }
        return .found(route, parameters: try Router.parameters(of: route.template, values: values))
    }

    /// Answers a request: finds the route, runs middleware and handler, and turns errors into answers.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        do {
            return await respond(to: request, match: try match(request.method, path: request.path))
        } catch {
            return problemRenderer(error, request)
        }
    }

    func respond(to request: HTTPRequest, match: Match) async -> HTTPResponse {
        var request = request
        let handler: HTTPHandler
        switch match {
        case .found(let route, let parameters):
            request.route = route.template
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
        }
        let response = await run(request, through: middleware[...], to: handler)
        return ConditionalRequest.apply(to: response, of: request)
    }

    private func run(
        _ request: HTTPRequest, through chain: ArraySlice<any Middleware>, to handler: HTTPHandler
    ) async -> HTTPResponse {
        do {
            guard let first = chain.first else { return try await handler(request) }
            return try await first.handle(request) { request in
                await run(request, through: chain.dropFirst(), to: handler)
            }
        } catch let problem as HTTPProblem {
            return problemRenderer(problem, request)
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

    private static func segments(of path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func parameters(
        of template: String, values: [Substring]
    ) throws(HTTPProblem) -> [String: String] {
        if values.isEmpty { return [:] }
        var parameters: [String: String] = [:]
        var values = values[...]
        for segment in segments(of: template) where segment.hasPrefix("{") {
            guard let value = values.popFirst() else { break }
            parameters[String(segment.dropFirst().dropLast())] = try PercentEncoding.decode(value.utf8)
        }
        return parameters
    }

    /// One segment of the tree of templates.
    private struct Node: Sendable {
        var literals: [Substring: Node] = [:]
        var parameter: [Node] = []
        var routes: [HTTPMethod: Route] = [:]

        mutating func insert(_ path: ArraySlice<Substring>, method: HTTPMethod, route: Route) {
            guard let segment = path.first else {
                precondition(routes[method] == nil, "route \(method) \(route.template) was added twice")
                routes[method] = route
                return
            }
            if segment.hasPrefix("{") {
                if parameter.isEmpty { parameter = [Node()] }
                parameter[0].insert(path.dropFirst(), method: method, route: route)
            } else {
                literals[segment, default: Node()].insert(path.dropFirst(), method: method, route: route)
            }
        }

        func find(_ path: ArraySlice<Substring>, values: inout [Substring]) -> Node? {
            guard let segment = path.first else { return self }
            let count = values.count
            if let found = literals[segment]?.find(path.dropFirst(), values: &values),
                !found.routes.isEmpty
            {
                return found
            }
            values.removeSubrange(count...)
            guard let child = parameter.first, !segment.isEmpty else { return nil }
            values.append(segment)
            if let found = child.find(path.dropFirst(), values: &values), !found.routes.isEmpty {
                return found
            }
            values.removeSubrange(count...)
            return nil
        }

        var allowedMethods: [HTTPMethod] {
            var methods = Set(routes.keys)
            methods.insert(.options)
            if methods.contains(.get) { methods.insert(.head) }
            return methods.sorted { $0.rawValue < $1.rawValue }
        }

        var allRoutes: [(method: HTTPMethod, template: String)] {
            let own = routes.map { (method: $0.key, template: $0.value.template) }
            return own + literals.values.flatMap(\.allRoutes) + parameter.flatMap(\.allRoutes)
        }
    }
}
