/// The head of a request as it came from the network, and the judgement on it.
///
/// libmicrohttpd lets pass what RFC 9112 calls invalid; a proxy in front could then see another request boundary than we
/// do. So everything that bears on boundaries is judged here, before any of the body is read.
struct RequestHead {
    var method: String
    /// The target as sent: origin form, absolute form or `*`.
    var target: String
    /// `HTTP/1.0` or `HTTP/1.1`.
    var version: String
    var headers: HTTPHeaders

    /// What a valid head says of the request.
    struct Framing: Equatable {
        /// The path, percent-encoded; `*` for the server as a whole.
        var path: String
        /// The query without its question mark.
        var query: String
        var body: Body
    }

    enum Body: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// - Throws: ``HTTPProblem`` 400, or what fits better, for a head that is not plainly valid.
    func judge() throws(HTTPProblem) -> Framing {
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            throw HTTPProblem(
                HTTPStatus(rawValue: 505), code: "http_version", title: "HTTP version not supported",
                detail: "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        guard !method.isEmpty, method.areBytes(RequestHead.isTokenByte) else {
            throw .badRequest("The request method is not a token.")
        }
        try judgeFields()
        try judgeHost()
        let body = try judgeLength()
        try judgeExpectation()
        let (path, query) = try splitTarget()
        return Framing(path: path, query: query, body: body)
    }

    private func judgeFields() throws(HTTPProblem) {
        for (name, value) in headers {
            guard !name.isEmpty, name.areBytes(RequestHead.isTokenByte) else {
                throw .badRequest("A header field's name is not a token.")
            }
            guard value.areBytes({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                throw .badRequest("A header field's value holds a control character.")
            }
        }
    }

    private func judgeHost() throws(HTTPProblem) {
        let hosts = headers.values("Host")
        guard hosts.count <= 1, !(hosts.isEmpty && version == "HTTP/1.1") else {
            throw .badRequest("A request has exactly one Host field.")
        }
        guard (hosts.first ?? "").areBytes(RequestHead.isHostByte) else {
            throw .badRequest("The Host field is not a host name with an optional port.")
        }
    }

    private func judgeLength() throws(HTTPProblem) -> Body {
        let lengths = headers.values("Content-Length")
        let codings = headers.values("Transfer-Encoding")
        guard lengths.count <= 1, codings.count <= 1, lengths.isEmpty || codings.isEmpty else {
            throw .badRequest(
                "A request has one Content-Length or one Transfer-Encoding, not several and not both.")
        }
        if let coding = codings.first {
            guard version == "HTTP/1.1" else { throw .badRequest("HTTP/1.0 has no Transfer-Encoding.") }
            guard coding.lowercased() == "chunked" else {
                throw .badRequest("The only transfer coding that this server takes is chunked.")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard !length.isEmpty, length.areBytes({ $0 >= 0x30 && $0 <= 0x39 }),
            let bytes = Int(length)
        else {
            throw .badRequest("Content-Length is not a decimal number of bytes.")
        }
        return bytes == 0 ? .none : .length(bytes)
    }

    private func judgeExpectation() throws(HTTPProblem) {
        guard let expectation = headers["Expect"], expectation.lowercased() != "100-continue" else {
            return
        }
        throw HTTPProblem(
            HTTPStatus(rawValue: 417), code: "expectation_failed", title: "Expectation failed",
            detail: "The only expectation that this server meets is 100-continue.")
    }

    private func splitTarget() throws(HTTPProblem) -> (path: String, query: String) {
        guard target.areBytes({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }) else {
            throw .badRequest("The request target holds a character that a URL can't hold unescaped.")
        }
        if target == "*" {
            guard method == "OPTIONS" else { throw .badRequest("Only OPTIONS takes the target *.") }
            return ("*", "")
        }
        let origin = try originForm()
        guard let mark = origin.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (origin, "") }
        return (String(origin[..<mark]), String(origin[origin.utf8.index(after: mark)...]))
    }

    /// The target without scheme and authority (RFC 9112, section 3.2.2).
    private func originForm() throws(HTTPProblem) -> String {
        if target.utf8.first == UInt8(ascii: "/") { return target }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            guard let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
            return rest[end] == "/" ? String(rest[end...]) : "/" + rest[end...]
        }
        throw .badRequest("The request target is neither a path nor an http URL.")
    }

    /// tchar of RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
            UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
