import HTTPServer

/// Writes the OpenAPI 3.1 document from the very table that the router is made of.
struct OpenAPIDocument: Sendable {
    let operations: [Operation]
    /// The API's public URL.
    let serverURL: String
    let cookieName: String

    var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "livekit-conference", "version": "1",
                "description":
                    "Errors are problem details (RFC 9457) with a stable code. Times are RFC 3339 in UTC. Unknown fields and parameters are refused.",
                "license": ["name": "See the package's copyright file"],
            ],
            "servers": [["url": .string(serverURL)]],
            "tags": .array(tags),
            "paths": paths,
            "components": [
                "securitySchemes": [
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(cookieName),
                        "description": "Set by createSession.",
                    ],
                    "participantKey": [
                        "type": "http", "scheme": "bearer",
                        "description": "`participantKey` of a JoinTicket: for its meeting, until its holder leaves.",
                    ],
                    "mediaServerSignature": [
                        "type": "apiKey", "in": "header", "name": "Authorization",
                        "description":
                            "A JWT signed with LiveKit's API secret by HS256, whose claim `sha256` is the content's hash.",
                    ],
                ],
                "schemas": schemas,
            ],
        ]
    }

    private var tags: [JSONValue] {
        var names: [String] = []
        for operation in operations where !names.contains(operation.tag) { names.append(operation.tag) }
        return names.map { ["name": .string($0)] }
    }

    private var paths: JSONValue {
        var templates: [String] = []
        for operation in operations where !templates.contains(operation.template) {
            templates.append(operation.template)
        }
        var paths = JSONObject()
        for template in templates {
            let here = operations.filter { $0.template == template }
            paths.append(
                template,
                .object(JSONObject(here.map { (name: $0.method.rawValue.lowercased(), value: document($0)) })))
        }
        return .object(paths)
    }

    private var schemas: JSONValue {
        var named: [String: Schema] = [:]
        ProblemRenderer.schema.collectNamed(into: &named)
        for operation in operations {
            operation.content?.schema.collectNamed(into: &named)
            operation.rawContent?.schema.collectNamed(into: &named)
            for answer in operation.answers { answer.schema?.collectNamed(into: &named) }
        }
        return .object(JSONObject(named.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.openAPI) }))
    }

    private func document(_ operation: Operation) -> JSONValue {
        var object = JSONObject()
        object.append("operationId", .string(operation.id))
        object.append("tags", [.string(operation.tag)])
        object.append("summary", .string(operation.summary))
        if let detail = operation.detail { object.append("description", .string(detail)) }
        switch operation.access {
        case .anyone: object.append("security", [])
        case .anyoneOrAccount: object.append("security", [[:], ["session": []]])
        case .account: object.append("security", [["session": []]])
        case .mediaServer: object.append("security", [["mediaServerSignature": []]])
        case .meeting: object.append("security", [["participantKey": []], ["session": []]])
        }
        if !operation.parameters.isEmpty {
            object.append("parameters", .array(operation.parameters.map(document)))
        }
        if let content = operation.content {
            object.append(
                "requestBody",
                [
                    "required": true,
                    "content": ["application/json": media(content.schema, example: content.example)],
                ])
        }
        if let content = operation.rawContent {
            object.append(
                "requestBody",
                [
                    "required": true,
                    "content": .object(
                        JSONObject([
                            (name: content.mediaType, value: media(content.schema, example: content.example))
                        ])),
                ])
        }
        object.append("responses", responses(of: operation))
        return .object(object)
    }

    private func document(_ parameter: Operation.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.place == .path), "description": .string(parameter.summary),
            "schema": parameter.schema.openAPI, "example": OpenAPIDocument.example(parameter),
        ]
    }

    private static func example(_ parameter: Operation.Parameter) -> JSONValue {
        if case .integer = parameter.schema.kind, let number = Int(parameter.example) { return .integer(number) }
        return .string(parameter.example)
    }

    private func media(_ schema: Schema?, example: JSONValue?) -> JSONValue {
        var object = JSONObject()
        object.append("schema", schema?.openAPI ?? ["type": "string"])
        if let example { object.append("example", example) }
        return .object(object)
    }

    private func responses(of operation: Operation) -> JSONValue {
        var all = JSONObject()
        for answer in operation.answers {
            var object = JSONObject()
            object.append("description", .string(answer.summary))
            if !answer.headers.isEmpty {
                object.append(
                    "headers",
                    .object(
                        JSONObject(
                            answer.headers.map { header in
                                let value: JSONValue = [
                                    "description": .string(header.summary), "schema": ["type": "string"],
                                ]
                                return (name: header.name, value: value)
                            })))
            }
            var content = JSONObject()
            if let type = answer.contentType {
                content.append(type, media(answer.schema, example: answer.example))
            }
            if operation.allProblems.contains(where: { $0.status == answer.status }) {
                content.append(ProblemRenderer.contentType, ["schema": ProblemRenderer.schema.openAPI])
            }
            if !content.members.isEmpty { object.append("content", .object(content)) }
            if !answer.links.isEmpty { object.append("links", links(answer.links)) }
            all.append(String(answer.status.rawValue), .object(object))
        }
        let statuses = Set(operation.allProblems.map(\.status.rawValue)).sorted()
        for status in statuses where !operation.answers.contains(where: { $0.status.rawValue == status }) {
            all.append(
                String(status), response(of: operation.allProblems.filter { $0.status.rawValue == status }))
        }
        return .object(all)
    }

    private func links(_ links: [Operation.Link]) -> JSONValue {
        .object(
            JSONObject(
                links.map { link in
                    let value: JSONValue = [
                        "operationId": .string(link.operation),
                        "parameters": .object(
                            JSONObject(
                                link.parameters.map {
                                    (name: $0.parameter, value: .string("$response.body#/\($0.member)"))
                                })),
                    ]
                    return (name: link.operation, value: value)
                }))
    }

    private func response(of kinds: [ProblemKind]) -> JSONValue {
        let codes = kinds.map { "`\($0.code)`" }.joined(separator: ", ")
        var object = JSONObject()
        object.append("description", .string("\(kinds[0].title): \(codes)."))
        if kinds.contains(where: { [429, 503].contains($0.status.rawValue) }) {
            object.append(
                "headers",
                ["Retry-After": ["description": "Seconds to wait.", "schema": ["type": "integer", "minimum": 0]]])
        }
        object.append(
            "content",
            .object(
                JSONObject([(name: ProblemRenderer.contentType, value: ["schema": ProblemRenderer.schema.openAPI])])))
        return .object(object)
    }
}
