/// Header fields in the order they came; names compare without case (RFC 9110, section 5.1).
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral, Sequence {
    private var fields: [(name: String, value: String)] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    public var count: Int { fields.count }

    /// The first value of a name; setting replaces all values, setting nil removes them.
    public subscript(name: String) -> String? {
        get {
            for field in fields where HTTPHeaders.isSameName(field.name, name) { return field.value }
            return nil
        }
        set {
            let place = fields.firstIndex { HTTPHeaders.isSameName($0.name, name) }
            guard let place, let newValue else {
                if place != nil { fields.removeAll { HTTPHeaders.isSameName($0.name, name) } }
                if let newValue { add(name, newValue) }
                return
            }
            fields[place].value = newValue
            guard place + 1 < fields.count else { return }
            fields[(place + 1)...].removeAll { HTTPHeaders.isSameName($0.name, name) }
        }
    }

    /// All values of a name, one a field line.
    public func values(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where HTTPHeaders.isSameName(field.name, name) { values.append(field.value) }
        return values
    }

    /// Adds a field line and keeps those of the same name.
    public mutating func add(_ name: String, _ value: String) {
        // An answer has about a dozen.
        if fields.isEmpty { fields.reserveCapacity(16) }
        fields.append((name: name, value: value))
    }

    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        fields.makeIterator()
    }

    /// ASCII case is ignored, nothing else.
    static func isSameName(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                for index in left.indices where lowercased(left[index]) != lowercased(right[index]) { return false }
                return true
            }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
}
