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
        get { fields.first { HTTPHeaders.isSameName($0.name, name) }?.value }
        set {
            fields.removeAll { HTTPHeaders.isSameName($0.name, name) }
            if let newValue { fields.append((name: name, value: newValue)) }
        }
    }

    /// All values of a name, one a field line.
    public func values(_ name: String) -> [String] {
        fields.filter { HTTPHeaders.isSameName($0.name, name) }.map(\.value)
    }

    /// Adds a field line and keeps those of the same name.
    public mutating func add(_ name: String, _ value: String) {
        fields.append((name: name, value: value))
    }

    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        fields.makeIterator()
    }

    /// ASCII case is ignored, nothing else.
    static func isSameName(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        return left.count == right.count
            && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
}
