/// The segments of all routes' templates as a tree, searched by bytes.
struct RouteTree: Sendable {
    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [Route] = []
    }

    /// What a path leads to: all routes of one template, and where in the path the values of its parameters lie.
    struct Finding {
        let routes: [Route]
        let values: [Range<Int>]
    }

    private static let slash = UInt8(ascii: "/")

    private var nodes = [Node()]

    mutating func insert(_ route: Route) {
        var node = 0
        for segment in route.template.utf8.dropFirst().split(separator: Self.slash, omittingEmptySubsequences: false) {
            node = child(of: node, Array(segment))
        }
        precondition(
            !nodes[node].routes.contains { $0.method == route.method },
            "route \(route.method) \(route.template) was added twice")
        nodes[node].routes.append(route)
    }

    private mutating func child(of node: Int, _ segment: [UInt8]) -> Int {
        let isParameter = segment.first == UInt8(ascii: "{")
        if isParameter, let known = nodes[node].parameter { return known }
        if let known = nodes[node].literals.first(where: { $0.segment == segment }) { return known.node }
        nodes.append(Node())
        let new = nodes.count - 1
        if isParameter {
            nodes[node].parameter = new
        } else {
            nodes[node].literals.append((segment: segment, node: new))
        }
        return new
    }

    /// The routes of a path, or nil. A literal segment wins over a parameter, unless it leads nowhere.
    func find(_ path: UnsafeBufferPointer<UInt8>) -> Finding? {
        var values: [Range<Int>] = []
        guard let node = find(path, from: min(1, path.count), at: 0, &values) else { return nil }
        return Finding(routes: nodes[node].routes, values: values)
    }

    private func find(
        _ path: UnsafeBufferPointer<UInt8>, from start: Int, at node: Int, _ values: inout [Range<Int>]
    ) -> Int? {
        var end = start
        while end < path.count, path[end] != Self.slash { end += 1 }
        func rest(_ child: Int) -> Int? {
            if end < path.count { return find(path, from: end + 1, at: child, &values) }
            return nodes[child].routes.isEmpty ? nil : child
        }
        for index in nodes[node].literals.indices where isSegment(node, index, path, start, end) {
            if let found = rest(nodes[node].literals[index].node) { return found }
        }
        guard let parameter = nodes[node].parameter, start < end else { return nil }
        values.append(start..<end)
        if let found = rest(parameter) { return found }
        values.removeLast()
        return nil
    }

    private func isSegment(
        _ node: Int, _ index: Int, _ path: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Bool {
        nodes[node].literals[index].segment.withUnsafeBufferPointer { segment in
            guard segment.count == end - start else { return false }
            for offset in segment.indices where segment[offset] != path[start + offset] { return false }
            return true
        }
    }

    var all: [Route] { nodes.flatMap(\.routes) }
}
