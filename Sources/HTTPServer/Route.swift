/// One method of one template.
final class Route: Sendable {
    let method: HTTPMethod
    let template: String
    /// The place among the routes in the order in which they were added.
    let index: Int
    let options: Router.Options
    let handler: HTTPHandler
    let fixed: FixedResponse?
    /// The names in braces, in their order.
    let parameterNames: [String]

    init(
        method: HTTPMethod, template: String, index: Int, options: Router.Options, handler: @escaping HTTPHandler,
        fixed: FixedResponse? = nil
    ) {
        precondition(template.hasPrefix("/"), "a route's template starts with a slash: \(template)")
        self.method = method
        self.template = template
        self.index = index
        self.options = options
        self.handler = handler
        self.fixed = fixed
        parameterNames = template.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }
}

/// The values that a path has for the parameters of its route's template, decoded.
public struct PathParameters: Sendable {
    private var values: [(name: String, value: String)] = []

    public init() {}

    /// - Throws: ``HTTPProblem`` 400 when the percent-encoding is broken.
    init(_ names: [String], _ ranges: [Range<Int>], of path: UnsafeBufferPointer<UInt8>) throws(HTTPProblem) {
        values.reserveCapacity(names.count)
        for (name, range) in zip(names, ranges) {
            let text = try PercentEncoding.decode(UnsafeBufferPointer(rebasing: path[range]))
            values.append((name: name, value: text))
        }
    }

    public subscript(name: String) -> String? {
        for entry in values where entry.name == name { return entry.value }
        return nil
    }
}
