import HTTPServer
import Testing

@testable import ConferenceAPI

struct OpenAPITests {
    private func document(_ api: TestAPI) async throws -> JSONObject {
        try await api.send(.get, "/api/openapi.json").object
    }

    @Test func describesEachRouteOfTheRouterAndNoOther() async throws {
        let api = try await TestAPI()
        let paths = try #require(try await document(api).object("paths"))

        var described: Set<String> = []
        for path in paths.members {
            guard case .object(let methods) = path.value else { continue }
            for method in methods.members { described.insert("\(method.name.uppercased()) \(path.name)") }
        }

        #expect(described == Set(api.router.routes.map { "\($0.method) \($0.template)" }))
    }

    @Test func everyReferenceLeadsSomewhere() async throws {
        let document = try await document(try await TestAPI())
        let schemas = try #require(document.object("components")?.object("schemas"))
        for reference in OpenAPITests.references(in: .object(document)) {
            #expect(schemas[String(reference.dropFirst("#/components/schemas/".count))] != nil, "\(reference)")
        }
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [String] in
                if member.name == "$ref", case .string(let text) = member.value { return [text] }
                return references(in: member.value)
            }
        case .array(let elements): elements.flatMap(references)
        default: []
        }
    }

    @Test func everyLinkLeadsToAnOperationThatTakesIt() async throws {
        let operations = Operations(try await TestAPI().dependencies).all
        for operation in operations {
            for link in operation.answers.flatMap(\.links) {
                let target = try #require(operations.first { $0.id == link.operation }, "\(link.operation)")
                for (parameter, _) in link.parameters {
                    #expect(target.parameters.contains { $0.name == parameter }, "\(link.operation)")
                }
            }
        }
    }

    @Test func examplesAreValid() async throws {
        for operation in Operations(try await TestAPI().dependencies).all {
            if let content = operation.content {
                #expect(content.schema.problems(of: content.example) == [], "\(operation.id)")
            }
            for answer in operation.answers {
                if let schema = answer.schema, let example = answer.example {
                    #expect(schema.problems(of: example) == [], "\(operation.id)")
                }
            }
            for parameter in operation.parameters {
                let value: JSONValue = Int(parameter.example).map { .integer($0) } ?? .string(parameter.example)
                #expect(parameter.schema.problems(of: value) == [], "\(operation.id) \(parameter.name)")
            }
        }
    }

    @Test func declaresEveryParameterOfAPath() async throws {
        for operation in Operations(try await TestAPI().dependencies).all {
            let inTemplate = operation.template.split(separator: "/").filter { $0.hasPrefix("{") }
            let declared = operation.parameters.filter { $0.place == .path }.map { "{\($0.name)}" }
            #expect(inTemplate.map(String.init) == declared, "\(operation.id)")
        }
    }

    @Test func givesEachProblemCodeOneMeaning() async throws {
        var meanings: [String: ProblemKind] = [:]
        for kind in Operations(try await TestAPI().dependencies).all.flatMap(\.allProblems) {
            #expect(meanings[kind.code, default: kind] == kind, "\(kind.code)")
            meanings[kind.code] = kind
        }
    }

    @Test func namesTheCookieThatIsUsed() async throws {
        for (url, name) in ["http://localhost:3001": "session", "https://meet.example.org": "__Host-session"] {
            let document = try await document(try await TestAPI(publicURL: url))
            let scheme = document.object("components")?.object("securitySchemes")?.object("session")
            #expect(scheme?.string("name") == name)
        }
    }

    @Test func isNotSentTwice() async throws {
        let api = try await TestAPI()
        let tag = try #require(try await api.send(.get, "/api/openapi.json").headers["ETag"])
        let again = try await api.send(.get, "/api/openapi.json", headers: ["If-None-Match": tag])
        #expect(again.status == .notModified)
    }
}
