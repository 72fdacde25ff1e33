/// One request, as a handler sees it.
public struct HTTPRequest: Sendable {
    /// What never changes, shared by all copies: every middleware makes one.
    private let head: Head

    public var method: HTTPMethod { head.method }
    /// The path as it was sent, percent-encoded, without the query. For logs use ``route``, which holds no values.
    public var path: String { head.path }
    /// The query's parameters, decoded.
    public var query: QueryParameters { head.query }
    public var headers: HTTPHeaders { head.headers }
    /// The client's IP address in text form: the connection's peer or, behind a trusted proxy, the one that proxy names.
    /// `unix` for a client on a Unix socket that named none.
    public var clientAddress: String { head.clientAddress }
    /// Names the request in logs and answers: the proxy's `X-Request-Id` where it is trusted and well-formed, else made here.
    public var id: String { head.id }
    public var body: RequestBody { head.body }
    /// The path's parameters, decoded, by the names in the route's template.
    public internal(set) var parameters = PathParameters()
    /// The template of the matching route, such as `/api/v1/meetings/{id}`; nil before routing or without a match.
    public internal(set) var route: String?
    /// The place of the matching route among those of the router, in the order in which they were added.
    public internal(set) var routeIndex: Int?
    /// What middleware found out for those after it, by type.
    public var attributes = RequestAttributes()

    public init(
        method: HTTPMethod, path: String, query: QueryParameters = QueryParameters(),
        headers: HTTPHeaders = [:],
        clientAddress: String, id: String, body: RequestBody = .empty
    ) {
        head = Head(
            method: method, path: path, query: query, headers: headers, clientAddress: clientAddress, id: id,
            body: body)
    }

    private final class Head: Sendable {
        let method: HTTPMethod
        let path: String
        let query: QueryParameters
        let headers: HTTPHeaders
        let clientAddress: String
        let id: String
        let body: RequestBody

        init(
            method: HTTPMethod, path: String, query: QueryParameters, headers: HTTPHeaders, clientAddress: String,
            id: String, body: RequestBody
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.clientAddress = clientAddress
            self.id = id
            self.body = body
        }
    }
}

/// Values that middleware attaches to a request, one of each type.
public struct RequestAttributes: Sendable {
    private class Box: @unchecked Sendable {}

    /// `@unchecked Sendable`: a constant of a sendable type.
    private final class Holder<Value: Sendable>: Box, @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    /// Few, so that looking at each costs less than a dictionary's hashing.
    private var boxes: [Box] = []

    public init() {}

    public subscript<Value: Sendable>(type: Value.Type) -> Value? {
        get {
            for box in boxes {
                if let holder = box as? Holder<Value> { return holder.value }
            }
            return nil
        }
        set {
            boxes.removeAll { $0 is Holder<Value> }
            if let newValue { boxes.append(Holder(newValue)) }
        }
    }
}
