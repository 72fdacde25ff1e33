import Conference
import HTTPServer

/// Checks a request against its operation's declaration before the handler sees it.
struct CallReader: Sendable {
    private let operation: Operation
    private let crossSiteDefence: CrossSiteDefence
    /// Parameters that are no part of the path; those of the path are the handler's.
    private let parameters: [Operation.Parameter]
    private let queryNames: Set<String>

    init(operation: Operation, crossSiteDefence: CrossSiteDefence) {
        self.operation = operation
        self.crossSiteDefence = crossSiteDefence
        parameters = operation.parameters.filter { $0.place != .path }
        queryNames = Set(parameters.filter { $0.place == .query }.map(\.name))
    }

    /// - Throws: ``HTTPProblem``: 403 and 400, 413, 415. ``ConferenceError/notAuthenticated`` comes before the
    ///   content is looked at, so that strangers learn nothing of it.
    func read(_ request: HTTPRequest) async throws -> Call {
        // No cookie speaks for the media server, so there is nothing to misuse.
        if operation.access != .mediaServer { try crossSiteDefence.check(request) }
        let session = request.attributes[Session.self]
        let claim = request.attributes[ParticipantClaim.self]
        switch operation.access {
        case .account where session == nil: throw ConferenceError.notAuthenticated
        case .meeting where session == nil && claim == nil: throw ConferenceError.notAuthenticated
        default: break
        }
        try checkParameters(of: request)
        let (body, content) =
            operation.rawContent == nil
            ? try await content(of: request) : (JSONObject(), try await rawContent(of: request))
        return Call(request: request, session: session, claim: claim, body: body, content: content)
    }

    private func rawContent(of request: HTTPRequest) async throws -> [UInt8] {
        guard let content = operation.rawContent else { return [] }
        guard CallReader.isType(request.headers["Content-Type"], content.mediaType) else {
            throw ProblemKind.unsupportedMediaType.problem(
                "Send the content as \(content.mediaType).", headers: ["Accept": content.mediaType])
        }
        return try await request.body.collect()
    }

    private func checkParameters(of request: HTTPRequest) throws(HTTPProblem) {
        var wrong: [HTTPProblem.Field] = []
        let query = request.query
        if !query.isEmpty {
            for name in Set(query.names).subtracting(queryNames) {
                wrong.append(HTTPProblem.Field(pointer: String(name.prefix(64)), detail: "is not known here"))
            }
        }
        for parameter in parameters {
            let values =
                parameter.place == .query
                ? query.values(parameter.name) : request.headers.values(parameter.name)
            if values.count > 1 {
                wrong.append(HTTPProblem.Field(pointer: parameter.name, detail: "is there more than once"))
            } else if let value = values.first {
                wrong += parameter.schema.problems(of: CallReader.json(value, parameter.schema), at: parameter.name)
            }
        }
        guard wrong.isEmpty else { throw CallReader.invalid("Some parameters are wrong.", wrong) }
    }

    /// A parameter's text as its schema sees it.
    private static func json(_ text: String, _ schema: Schema) -> JSONValue {
        if case .integer = schema.kind, text.utf8.allSatisfy(ASCII.isDigit), let number = Int(text) {
            return .integer(number)
        }
        return .string(text)
    }

    private func content(of request: HTTPRequest) async throws -> (JSONObject, [UInt8]) {
        guard let content = operation.content else { return (JSONObject(), []) }
        guard CallReader.isJSON(request.headers["Content-Type"]) else {
            throw ProblemKind.unsupportedMediaType.problem(
                "Send the content as application/json, in UTF-8.", headers: ["Accept": "application/json"])
        }
        let bytes = try await request.body.collect()
        guard bytes.count > CallReader.largeContent else { return (try CallReader.object(bytes, content), bytes) }
        let object = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await CallReader.largeObject(bytes, content)
        }
        return (object, bytes)
    }

    /// Content beyond this many bytes is parsed off the loop, which others wait for.
    private static let largeContent = 64 * 1024

    private static func largeObject(_ bytes: [UInt8], _ content: Operation.Content) async throws -> JSONObject {
        try object(bytes, content)
    }

    private static func object(_ bytes: [UInt8], _ content: Operation.Content) throws -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ProblemKind.malformedJSON.problem(
                "The content is no JSON that is taken here: \(error.reason.rawValue), at byte \(error.offset).")
        }
        let wrong = content.schema.problems(of: value)
        guard wrong.isEmpty, case .object(let object) = value else {
            throw CallReader.invalid("Some fields are wrong.", wrong)
        }
        return object
    }

    private static func invalid(_ detail: String, _ fields: [HTTPProblem.Field]) -> HTTPProblem {
        ProblemKind.invalidRequest.problem("\(detail) See errors.", fields: fields)
    }

    /// `application/json`, with no charset but UTF-8.
    static func isJSON(_ contentType: String?) -> Bool { isType(contentType, "application/json") }

    private static func isType(_ contentType: String?, _ expected: String) -> Bool {
        guard let contentType else { return false }
        let parts = contentType.lowercased().split(separator: ";").map { part in
            String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" })
        }
        guard parts.first == expected else { return false }
        return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }
}
