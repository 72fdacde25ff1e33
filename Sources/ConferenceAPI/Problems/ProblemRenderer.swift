import HTTPServer
import Platform

/// Writes problems as RFC 9457 problem details.
enum ProblemRenderer {
    static let contentType = "application/problem+json"

    /// The answer of a problem. `type` is a URN, since codes are documented in the OpenAPI document and nowhere else.
    static func render(_ problem: HTTPProblem, of request: HTTPRequest) -> HTTPResponse {
        note(problem, of: request)
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("type")
            writer.write("urn:livekit-conference:problem:\(problem.code)")
            writer.name("title")
            writer.write(problem.title)
            writer.name("status")
            writer.write(problem.status.rawValue)
            writer.name("detail")
            writer.write(problem.detail)
            writer.name("instance")
            writer.write("urn:livekit-conference:request:\(request.id)")
            writer.name("code")
            writer.write(problem.code)
            if !problem.fields.isEmpty { write(problem.fields, to: &writer) }
        }
        var response = HTTPResponse(
            problem.status, contentType: contentType, bytes: writer.bytes, headers: problem.headers)
        // A problem found before any middleware ran carries these too.
        response.headers["X-Request-Id"] = request.id
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private static func note(_ problem: HTTPProblem, of request: HTTPRequest) {
        request.attributes[RequestNotes.self]?.note { notes in
            notes.problem = problem.code
            if problem.status.rawValue >= 500 { notes.cause = problem.cause.map { "\($0)" } }
        }
    }

    private static func write(_ fields: [HTTPProblem.Field], to writer: inout JSONWriter) {
        writer.name("errors")
        writer.array { writer in
            for field in fields.prefix(50) {
                writer.object { writer in
                    writer.name("pointer")
                    writer.write(field.pointer)
                    writer.name("detail")
                    writer.write(field.detail)
                }
            }
        }
    }

    static let schema = Schema.named(
        "Problem",
        .object(
            .required("type", .string().described("A URN that ends in the code.")),
            .required("title", .string().described("The kind of problem in a few words.")),
            .required("status", .integer(400...599).described("The HTTP status.")),
            .required("detail", .string().described("What is wrong this time and what to do next.")),
            .required("instance", .string().described("A URN that ends in the request id, for the administrator.")),
            .required("code", .string().described("A stable code for programs.")),
            .optional(
                "errors",
                .array(
                    of: .object(
                        .required("pointer", .string().described("JSON pointer into the body, or the parameter.")),
                        .required("detail", .string())),
                    limit: 50
                ).described("What is wrong with which field."))
        ).described("An error as RFC 9457 problem details."))
}
