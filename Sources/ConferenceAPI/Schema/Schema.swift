/// The shape of a JSON value. One description serves both the check of what comes in and the OpenAPI document, so that
/// the document can't promise anything else than the code enforces.
struct Schema: Sendable {
    indirect enum Kind: Sendable {
        /// Lengths are in Unicode code points, as JSON Schema counts.
        case string(length: ClosedRange<Int>?, format: StringFormat?)
        case choice([String])
        case integer(ClosedRange<Int>?)
        case number
        case boolean
        case array(Schema, limit: Int?)
        case object([Property])
        /// An object that has these members and may have others.
        case extensible([Property])
        /// Any object at all.
        case anything
        /// A schema of `components/schemas`.
        case named(String, Schema)
    }

    /// A member of an object.
    struct Property: Sendable {
        let name: String
        let schema: Schema
        var isRequired = true
    }

    var kind: Kind
    var isNullable = false
    /// Whether a checked value's content is kept out of answers; shown as `writeOnly`.
    var isSecret = false
    var summary: String?
    var example: JSONValue?

    init(_ kind: Kind) { self.kind = kind }

    static func string(_ length: ClosedRange<Int>? = nil, _ format: StringFormat? = nil) -> Schema {
        Schema(.string(length: length, format: format))
    }

    static func choice(_ values: [String]) -> Schema { Schema(.choice(values)) }
    static func integer(_ range: ClosedRange<Int>? = nil) -> Schema { Schema(.integer(range)) }
    static let number = Schema(.number)
    static let anything = Schema(.anything)
    static let boolean = Schema(.boolean)
    static let uuid = Schema(.string(length: nil, format: .uuid))
    static let time = Schema(.string(length: nil, format: .time))
    static let day = Schema(.string(length: nil, format: .day))
    static func array(of element: Schema, limit: Int? = nil) -> Schema { Schema(.array(element, limit: limit)) }
    static func object(_ properties: Property...) -> Schema { Schema(.object(properties)) }
    static func extensible(_ properties: Property...) -> Schema { Schema(.extensible(properties)) }
    static func named(_ name: String, _ schema: Schema) -> Schema { Schema(.named(name, schema)) }

    var nullable: Schema { changed { $0.isNullable = true } }
    var secret: Schema { changed { $0.isSecret = true } }
    func described(_ summary: String) -> Schema { changed { $0.summary = summary } }
    func example(_ example: JSONValue) -> Schema { changed { $0.example = example } }

    private func changed(_ change: (inout Schema) -> Void) -> Schema {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Schema.Property {
    static func required(_ name: String, _ schema: Schema) -> Schema.Property {
        Schema.Property(name: name, schema: schema)
    }

    static func optional(_ name: String, _ schema: Schema) -> Schema.Property {
        Schema.Property(name: name, schema: schema, isRequired: false)
    }
}
