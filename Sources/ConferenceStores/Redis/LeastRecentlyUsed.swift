/// A dictionary with a limit: what was not used for longest goes first.
struct LeastRecentlyUsed<Key: Hashable, Value> {
    private struct Node {
        var key: Key
        var value: Value
        var newer: Int
        var older: Int
    }

    private static var none: Int { -1 }

    private let limit: Int
    private var nodes: [Node] = []
    private var places: [Key: Int] = [:]
    private var newest = Self.none
    private var oldest = Self.none

    init(limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    var count: Int { nodes.count }

    /// Reading and writing both count as use. A value can be replaced, not removed.
    subscript(key: Key) -> Value? {
        mutating get {
            guard let place = places[key] else { return nil }
            moveToFront(place)
            return nodes[place].value
        }
    }

    mutating func set(_ value: Value, for key: Key) {
        if let place = places[key] {
            nodes[place].value = value
            return moveToFront(place)
        }
        let place: Int
        if nodes.count < limit {
            place = nodes.count
            nodes.append(Node(key: key, value: value, newer: Self.none, older: Self.none))
        } else {
            place = oldest
            unlink(place)
            places[nodes[place].key] = nil
            nodes[place] = Node(key: key, value: value, newer: Self.none, older: Self.none)
        }
        places[key] = place
        linkAtFront(place)
    }

    private mutating func moveToFront(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        linkAtFront(place)
    }

    private mutating func unlink(_ place: Int) {
        let node = nodes[place]
        if node.newer == Self.none { newest = node.older } else { nodes[node.newer].older = node.older }
        if node.older == Self.none { oldest = node.newer } else { nodes[node.older].newer = node.newer }
    }

    private mutating func linkAtFront(_ place: Int) {
        nodes[place].newer = Self.none
        nodes[place].older = newest
        if newest != Self.none { nodes[newest].newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
    }
}
