import HTTPServer

/// Finds the operation that a routed request is about.
struct OperationIndex<Value: Sendable>: Sendable {
    private var byTemplate: [String: [HTTPMethod: Value]] = [:]

    init(_ operations: [Operation], value: (Operation) -> Value) {
        for operation in operations {
            byTemplate[operation.template, default: [:]][operation.method] = value(operation)
        }
    }

    /// Nil for a path or method that the API does not have. HEAD counts as GET.
    func find(_ request: HTTPRequest) -> Value? {
        guard let route = request.route, let methods = byTemplate[route] else { return nil }
        return methods[request.method == .head ? .get : request.method]
    }
}
