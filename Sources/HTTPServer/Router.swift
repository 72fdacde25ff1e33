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
    }

    /// What a method and path lead to.
    enum Match: Sendable {
        case found(Route, parameters: [String: String])
        case methodNotAllowed(template: String, allow: [HTTPMethod])
        case notFound
    }

    private var root = Node()
    private(set) var middleware: [any Middleware] = []

    public init() {}

    /// Adds middleware inside of what was added before.
    public mutating func use(_ middleware: any Middleware) { self.middleware.append(middleware) }

    /// Adds a route. Adding the same method and template twice is an error of our own code.
    public mutating func add(
        _ method: HTTPMethod, _ template: String, options: Options = Options(), handler: @escaping HTTPHandler
    ) {
        precondition(template.hasPrefix("/"), "a route's template starts with a slash: \(template)")
        root.insert(
            Router.segments(of: template)[...], method: method,
            route: Route(template: template, options: options, handler: handler))
    }

    /// All routes as method and template, in no order.
    public var routes: [(method: HTTPMethod, template: String)] { root.allRoutes }

    /// - Throws: ``HTTPProblem`` 400 when a parameter's percent-encoding is broken.
    func match(_ method: HTTPMethod, path: String) throws(HTTPProblem) -> Match {
        var values: [Substring] = []
        guard let node = root.find(Router.segments(of: path)[...], values: &values), !node.routes.isEmpty else {
            return .notFound
        }
        let wanted = method == .head && node.routes[.head] == nil ? HTTPMethod.get : method
        guard let route = node.routes[wanted] else {
            let template = node.routes.values.first?.template ?? ""
            return .methodNotAllowed(template: template, allow: node.allowedMethods)
        }
        return .found(route, parameters: try Router.parameters(of: route.template, values: values))
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
            if let found = literals[segment]?.find(path.dropFirst(), values: &values) { return found }
            guard let child = parameter.first, !segment.isEmpty else { return nil }
            let count = values.count
            values.append(segment)
            if let found = child.find(path.dropFirst(), values: &values), !found.routes.isEmpty { return found }
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
