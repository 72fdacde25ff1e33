/// An error that a client gets to see: a problem-details object (RFC 9457).
///
/// Anything thrown by a handler that is not an `HTTPProblem` is answered as a plain 500 and logged.
public struct HTTPProblem: Error, Sendable {
    public var status: HTTPStatus
    /// A stable code for programs, such as `meeting_locked`; the last part of the problem's `type`.
    public var code: String
    /// The kind of problem in a few words, the same each time.
    public var title: String
    /// What is wrong this time and what to do next. Never internals.
    public var detail: String
    /// Header fields of the answer, such as `Allow` or `Retry-After`.
    public var headers: HTTPHeaders
    /// Which fields of the request are wrong, if it is about fields.
    public var fields: [Field]
    /// What only the log shall say.
    public var cause: (any Error)?

    /// A wrong field: a JSON pointer (RFC 6901) or parameter name, and what is wrong with it.
    public struct Field: Sendable, Equatable {
        public let pointer: String
        public let detail: String

        public init(pointer: String, detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    public init(
        _ status: HTTPStatus, code: String, title: String, detail: String, headers: HTTPHeaders = [:],
        fields: [Field] = [], cause: (any Error)? = nil
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.headers = headers
        self.fields = fields
        self.cause = cause
    }

    public static func badRequest(_ detail: String) -> HTTPProblem {
        HTTPProblem(.badRequest, code: "bad_request", title: "Bad request", detail: detail)
    }

    /// What a client is told of an error that is none of its business.
    public static func unexpected(_ error: any Error) -> HTTPProblem {
        HTTPProblem(
            .internalServerError, code: "internal_error", title: "Internal error",
            detail:
                "The server failed to answer. Try again; if it stays, give the administrator the request id.",
            cause: error)
    }
}
