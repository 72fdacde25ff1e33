/// A request that was found safe to hand to libcurl, which would pass on nearly anything.
struct ValidatedRequest {
    let request: HTTPClientRequest
    /// Host and port as written in the URL, for messages.
    let host: String

    init(_ request: HTTPClientRequest) throws(HTTPClientError) {
        self.request = request
        host = try ValidatedRequest.authority(of: request.url)
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isUppercaseLetter) else {
            throw .invalidRequest(reason: "the method must be capital letters")
        }
        for (name, value) in request.headers { try ValidatedRequest.check(name, value) }
        if let length = request.body.length {
            guard length >= 0 else { throw .invalidRequest(reason: "the body's length is negative") }
            guard request.method != "HEAD" else { throw .invalidRequest(reason: "HEAD takes no body") }
        }
    }

    private static func authority(of url: String) throws(HTTPClientError) -> String {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidRequest(reason: "the URL holds a space, a control character or a byte beyond ASCII")
        }
        let lowercased = url.prefix(8).lowercased()
        let prefixLength: Int
        if lowercased.hasPrefix("http://") {
            prefixLength = 7
        } else if lowercased.hasPrefix("https://") {
            prefixLength = 8
        } else {
            throw .invalidRequest(reason: "the URL must begin with http:// or https://")
        }
        let authority = String(url.dropFirst(prefixLength).prefix { !"/?#".contains($0) })
        guard !authority.isEmpty else { throw .invalidRequest(reason: "the URL names no host") }
        guard !authority.contains("@") else {
            throw .invalidRequest(reason: "the URL carries credentials; put them into a header")
        }
        return authority
    }

    private static func check(_ name: String, _ value: String) throws(HTTPClientError) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenCharacter) else {
            throw .invalidRequest(reason: "a header's name is no token")
        }
        guard !["host", "content-length", "transfer-encoding", "expect"].contains(name.lowercased()) else {
            throw .invalidRequest(reason: "the client sets the header \(name) itself")
        }
        guard value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest(reason: "the value of header \(name) holds a control character")
        }
    }
}

private func isUppercaseLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }

/// tchar of RFC 9110, section 5.6.2.
private func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
