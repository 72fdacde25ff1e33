/// One request, as a handler sees it.
public struct HTTPRequest: Sendable {
    public let method: HTTPMethod
    /// The path as it was sent, percent-encoded, without the query. For logs use ``route``, which holds no values.
    public let path: String
    /// The query's parameters, decoded.
    public let query: QueryParameters
    public let headers: HTTPHeaders
    /// The client's IP address in text form: the connection's peer or, behind a trusted proxy, the one that proxy names.
    /// `unix` for a client on a Unix socket that named none.
    public let clientAddress: String
    /// Names the request in logs and answers: the proxy's `X-Request-Id` where it is trusted and well-formed, else made here.
    public let id: String
    public let body: RequestBody
    /// The path's parameters, decoded, by the names in the route's template.
    public internal(set) var parameters: [String: String] = [:]
    /// The template of the matching route, such as `/api/v1/meetings/{id}`; nil before routing or without a match.
    public internal(set) var route: String?
    /// What middleware found out for those after it, by type.
    public var attributes = RequestAttributes()

    public init(
        method: HTTPMethod, path: String, query: QueryParameters = QueryParameters(),
        headers: HTTPHeaders = [:],
        clientAddress: String, id: String, body: RequestBody = .empty
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

/// Values that middleware attaches to a request, one of each type.
public struct RequestAttributes: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    public init() {}

    public subscript<Value: Sendable>(type: Value.Type) -> Value? {
        get { values[ObjectIdentifier(type)] as? Value }
        set { values[ObjectIdentifier(type)] = newValue }
    }
}
