/// One answer.
public struct HTTPResponse: Sendable {
    public var status: HTTPStatus
    public var headers: HTTPHeaders
    public var body: ResponseBody

    public init(_ status: HTTPStatus, headers: HTTPHeaders = [:], body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer with text or JSON in one piece.
    public init(_ status: HTTPStatus, contentType: String, bytes: [UInt8], headers: HTTPHeaders = [:]) {
        self.init(status, headers: headers, body: .bytes(bytes))
        self.headers["Content-Type"] = contentType
    }
}

/// The content of an answer.
public enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// Pieces produced while they are sent, never far ahead of the client; `length` in bytes where it is known.
    case stream(length: Int?, next: @Sendable () async throws -> [UInt8]?)
    /// Events until somebody ends it; the status must be 200.
    case events(EventStream)
}
