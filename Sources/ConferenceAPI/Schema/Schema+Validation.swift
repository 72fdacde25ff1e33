import HTTPServer

extension Schema {
    /// Everything that is wrong with a value, each with the JSON pointer (RFC 6901) to the place.
    func problems(of value: JSONValue, at pointer: String = "") -> [HTTPProblem.Field] {
        var problems: [HTTPProblem.Field] = []
        check(value, at: pointer, into: &problems)
        return problems
    }

    private func check(_ value: JSONValue, at pointer: String, into problems: inout [HTTPProblem.Field]) {
        if isNullable, value == .null { return }
        func fail(_ detail: String) { problems.append(HTTPProblem.Field(pointer: pointer, detail: detail)) }
        switch (kind, value) {
        case (.named(_, let schema), _):
            schema.check(value, at: pointer, into: &problems)
        case (.string(let length, let format), .string(let text)):
            if let reason = Schema.problem(of: text, length: length, format: format) { fail(reason) }
        case (.choice(let values), .string(let text)):
            if !values.contains(text) { fail("must be one of \(values.joined(separator: ", "))") }
        case (.integer(let range), .integer(let number)):
            if let range, !range.contains(number) {
                fail("must be from \(range.lowerBound) to \(range.upperBound)")
            }
        case (.number, .integer), (.number, .number), (.boolean, .bool), (.anything, .object):
            break
        case (.array(let element, let limit), .array(let elements)):
            if let limit, elements.count > limit { return fail("must have at most \(limit) elements") }
            for (index, value) in elements.enumerated() {
                element.check(value, at: "\(pointer)/\(index)", into: &problems)
            }
        case (.object(let properties), .object(let object)):
            Schema.check(object, properties, at: pointer, into: &problems)
            Schema.refuseOthers(object, properties, at: pointer, into: &problems)
        case (.extensible(let properties), .object(let object)):
            Schema.check(object, properties, at: pointer, into: &problems)
        default:
            fail("must be \(expectation)\(isNullable ? " or null" : ""), not \(value.typeName)")
        }
    }

    private static func check(
        _ object: JSONObject, _ properties: [Property], at pointer: String, into problems: inout [HTTPProblem.Field]
    ) {
        for property in properties {
            let place = "\(pointer)/\(property.name)"
            if let value = object[property.name] {
                property.schema.check(value, at: place, into: &problems)
            } else if property.isRequired {
                problems.append(HTTPProblem.Field(pointer: place, detail: "is missing"))
            }
        }
    }

    private static func refuseOthers(
        _ object: JSONObject, _ properties: [Property], at pointer: String, into problems: inout [HTTPProblem.Field]
    ) {
        for member in object.members where !properties.contains(where: { $0.name == member.name }) {
            problems.append(
                HTTPProblem.Field(pointer: "\(pointer)/\(escape(member.name))", detail: "is not known here"))
        }
    }

    private static func problem(of text: String, length: ClosedRange<Int>?, format: StringFormat?) -> String? {
        if let length {
            let count = text.unicodeScalars.count
            if count < length.lowerBound { return "must have at least \(length.lowerBound) characters" }
            if count > length.upperBound { return "must have at most \(length.upperBound) characters" }
        }
        if let format, !format.matches(text) { return format.requirement }
        return nil
    }

    private var expectation: String {
        switch kind {
        case .string, .choice: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "a boolean"
        case .array: "an array"
        case .object, .extensible, .anything: "an object"
        case .named(_, let schema): schema.expectation
        }
    }

    /// RFC 6901, section 3; long names are cut, as they come from the client.
    private static func escape(_ name: String) -> String {
        var escaped = ""
        for character in name.prefix(64) {
            switch character {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
