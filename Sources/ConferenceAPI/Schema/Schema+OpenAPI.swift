extension Schema {
    /// The schema as JSON Schema 2020-12, which OpenAPI 3.1 uses. Named schemas become references.
    var openAPI: JSONValue {
        var object = JSONObject()
        switch kind {
        case .named(let name, _):
            let reference: JSONValue = ["$ref": .string("#/components/schemas/\(name)")]
            if isNullable {
                object.append("anyOf", [reference, ["type": "null"]])
            } else if summary == nil, example == nil {
                return reference
            } else {
                object.append("$ref", .string("#/components/schemas/\(name)"))
            }
        case .string(let length, let format):
            object.append("type", type("string"))
            if let length {
                if length.lowerBound > 0 { object.append("minLength", .integer(length.lowerBound)) }
                object.append("maxLength", .integer(length.upperBound))
            }
            if let name = format?.name { object.append("format", .string(name)) }
            if let pattern = format?.pattern { object.append("pattern", .string(pattern)) }
        case .choice(let values):
            object.append("type", type("string"))
            object.append("enum", .array(values.map { .string($0) } + (isNullable ? [.null] : [])))
        case .integer(let range):
            object.append("type", type("integer"))
            if let range {
                object.append("minimum", .integer(range.lowerBound))
                object.append("maximum", .integer(range.upperBound))
            }
        case .number:
            object.append("type", type("number"))
        case .boolean:
            object.append("type", type("boolean"))
        case .array(let element, let limit):
            object.append("type", type("array"))
            object.append("items", element.openAPI)
            if let limit { object.append("maxItems", .integer(limit)) }
        case .anything:
            object.append("type", type("object"))
        case .object(let properties):
            appendObject(properties, to: &object)
            object.append("additionalProperties", false)
        case .extensible(let properties):
            appendObject(properties, to: &object)
        }
        if isSecret { object.append("writeOnly", true) }
        if let summary { object.append("description", .string(summary)) }
        if let example { object.append("examples", .array([example])) }
        return .object(object)
    }

    /// Every named schema in here, each once, those used by others included.
    func collectNamed(into all: inout [String: Schema]) {
        switch kind {
        case .named(let name, let schema):
            guard all[name] == nil else { return }
            all[name] = schema
            schema.collectNamed(into: &all)
        case .array(let element, _): element.collectNamed(into: &all)
        case .object(let properties), .extensible(let properties):
            for property in properties { property.schema.collectNamed(into: &all) }
        default: break
        }
    }

    private func type(_ name: String) -> JSONValue { isNullable ? [.string(name), "null"] : .string(name) }

    private func appendObject(_ properties: [Property], to object: inout JSONObject) {
        object.append("type", type("object"))
        object.append(
            "properties", .object(JSONObject(properties.map { (name: $0.name, value: $0.schema.openAPI) })))
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object.append("required", .array(required)) }
    }
}
