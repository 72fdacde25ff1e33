import HTTPServer

/// Finds the operation that a routed request is about.
struct OperationIndex<Value: Sendable>: Sendable {
    private let values: [Value]

    /// - Parameter operations: all of the router's routes, in the order in which they were added.
    init(_ operations: [Operation], value: (Operation) -> Value) {
        values = operations.map(value)
    }

    /// Nil for a path or method that the API does not have. HEAD counts as GET.
    func find(_ request: HTTPRequest) -> Value? { request.routeIndex.map { values[$0] } }
}
