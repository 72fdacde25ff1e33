import HTTPServer
import Platform

/// The API's description of itself.
struct DocumentRoute: Sendable {
    private let settings: APISettings

    init(_ settings: APISettings) { self.settings = settings }

    /// The document is made for the first who asks, and kept: most servers are never asked.
    func operation(describing others: [Operation]) -> Operation {
        let described = operation { _ in HTTPResponse(.noContent) }
        let kept = Lock<HTTPResponse?>(nil)
        return operation { _ in
            if let response = kept.withLock({ $0 }) { return response }
            let response = self.response(describing: others + [described])
            kept.withLock { $0 = response }
            return response
        }
    }

    private func response(describing operations: [Operation]) -> HTTPResponse {
        let bytes = JSONWriter.encode(document(of: operations))
        return HTTPResponse(
            .ok, contentType: "application/json", bytes: bytes,
            headers: ["ETag": "\"\(DocumentRoute.digest(bytes))\"", "Cache-Control": "no-cache"])
    }

    func document(of operations: [Operation]) -> JSONValue {
        OpenAPIDocument(
            operations: operations, serverURL: settings.publicURL, cookieName: Cookie(isSecure: settings.isHTTPS).name
        ).json
    }

    private func operation(handler: @escaping @Sendable (Call) async throws -> HTTPResponse) -> Operation {
        Operation(
            method: .get, template: "/api/openapi.json", id: "getOpenAPI", tag: "Configuration",
            summary: "This document", access: .anyone, parameters: [.ifNoneMatch],
            answers: [
                Operation.Answer(status: .ok, summary: "An OpenAPI 3.1 document.", schema: .anything),
                Operation.Answer(status: .notModified, summary: "The client has it already.", contentType: nil),
            ],
            handler: handler)
    }

    /// FNV-1a: tells versions of the document apart, guards against nothing.
    private static func digest(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

/// The API's OpenAPI document, one member or element a line.
public func openAPIDocument(_ dependencies: APIDependencies) -> String {
    let document = DocumentRoute(dependencies.settings).document(of: Operations(dependencies).all)
    return String(decoding: JSONWriter.encodeIndented(document), as: UTF8.self)
}
