/// Conditional requests of RFC 9110, section 13: an answer that the client has already becomes 304.
enum ConditionalRequest {
    /// Applies `If-None-Match` to a successful answer of GET or HEAD that has an `ETag`.
    static func apply(to response: HTTPResponse, of request: HTTPRequest) -> HTTPResponse {
        guard request.method == .get || request.method == .head, response.status == .ok,
            let known = request.headers["If-None-Match"], let current = response.headers["ETag"],
            matches(known, current)
        else { return response }
        var notModified = HTTPResponse(.notModified, headers: response.headers)
        for name in ["Content-Type", "Content-Length", "Content-Encoding"] {
            notModified.headers[name] = nil
        }
        return notModified
    }

    /// Weak comparison (RFC 9110, section 8.8.3.2) of one entity tag with a list of them, or `*`.
    static func matches(_ list: String, _ tag: String) -> Bool {
        if list.allSatisfy({ $0 == "*" || $0 == " " }), list.contains("*") { return true }
        let wanted = opaque(tag[...])
        return list.split(separator: ",").contains { opaque(trim($0)) == wanted }
    }

    private static func opaque(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }

    private static func trim(_ text: Substring) -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
}
