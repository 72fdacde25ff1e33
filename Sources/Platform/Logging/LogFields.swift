/// The variable parts of a log entry, in the order in which they are written down.
///
/// An array, not a dictionary: there are a dozen at most, and every request writes them.
public struct LogFields: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    private var fields: [Field] = []

    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        fields.reserveCapacity(elements.count)
        for (name, value) in elements { fields.append(Field(name: name, value: value)) }
    }

    public var values: [String] { fields.map(\.value) }

    public subscript(name: String) -> String? {
        get { fields.first { $0.name == name }?.value }
        set {
            guard let newValue else { return fields.removeAll { $0.name == name } }
            let field = Field(name: name, value: newValue)
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index] = field
            } else {
                fields.append(field)
            }
        }
    }

    /// Adds a field whose name isn't there yet, unless the value is nil.
    public mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append(Field(name: name, value: value)) }
    }

    /// These fields, then the others, whose values win where both have a name.
    func merging(_ others: LogFields) -> LogFields {
        if fields.isEmpty { return others }
        var merged = self
        for field in others.fields { merged[field.name] = field.value }
        return merged
    }

    public func makeIterator() -> some IteratorProtocol<Field> { fields.makeIterator() }
}
