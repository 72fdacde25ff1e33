/// A JSON text as a tree (RFC 8259). Objects keep their members' order and have each name once.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction that fits; `1.0` and `1e2` are integers too, as JSON Schema has it.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// What a person calls this type.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The members of a JSON object.
struct JSONObject: Sendable, Equatable {
    typealias Member = (name: String, value: JSONValue)

    private(set) var members: [Member]
    /// Where the object stands in the text that was parsed, for what must stay exactly as it was sent.
    let source: Range<Int>?

    init(_ members: [Member] = [], source: Range<Int>? = nil) {
        self.members = members
        self.source = source
    }

    subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    mutating func append(_ name: String, _ value: JSONValue) { members.append((name: name, value: value)) }

    static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && zip(left.members, right.members).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (name: $0.0, value: $0.1) }))
    }
}
