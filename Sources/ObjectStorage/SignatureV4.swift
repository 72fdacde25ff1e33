/// AWS Signature Version 4, with S3's rules: the path is encoded once and never normalised.
///
/// Source: "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using Query Parameters" of
/// the Amazon S3 API Reference.
struct SignatureV4: Sendable {
    static let unsignedPayload = "UNSIGNED-PAYLOAD"
    private static let algorithm = "AWS4-HMAC-SHA256"

    /// What is signed of a request.
    struct Request {
        var method: String
        /// Percent-encoded, as it is sent.
        var path: String
        /// Not encoded.
        var query: [(name: String, value: String)] = []
        /// All of them are signed; `host` must be among them.
        var headers: [(name: String, value: String)]
    }

    var accessKey: String
    var secretKey: String
    var region: String
    var service = "s3"

    /// The value of the Authorization header.
    ///
    /// - Parameter payloadHash: the body's SHA-256 in hexadecimal, or ``unsignedPayload``.
    func authorization(for request: Request, payloadHash: String, at time: SignatureTime) -> String {
        let headers = CanonicalHeaders(request.headers)
        let query = SignatureV4.canonicalQuery(request.query)
        let signature = signature(request, query, headers, payloadHash, time)
        return "\(SignatureV4.algorithm) Credential=\(accessKey)/\(scope(time)), "
            + "SignedHeaders=\(headers.names), Signature=\(signature)"
    }

    /// The query string of a presigned URL, percent-encoded.
    func presignedQuery(for request: Request, expires: Duration, at time: SignatureTime) -> String {
        let headers = CanonicalHeaders(request.headers)
        let added = [
            (name: "X-Amz-Algorithm", value: SignatureV4.algorithm),
            (name: "X-Amz-Credential", value: "\(accessKey)/\(scope(time))"),
            (name: "X-Amz-Date", value: time.timestamp),
            (name: "X-Amz-Expires", value: "\(expires.components.seconds)"),
            (name: "X-Amz-SignedHeaders", value: headers.names),
        ]
        let query = SignatureV4.canonicalQuery(request.query + added)
        let signature = signature(request, query, headers, presignedPayloadHash, time)
        return "\(query)&X-Amz-Signature=\(signature)"
    }

    /// S3 knows nothing of a presigned request's payload; other services sign the empty one.
    private var presignedPayloadHash: String {
        service == "s3" ? SignatureV4.unsignedPayload : Digest.hexadecimal(Digest.sha256([]))
    }

    /// Encoded, and sorted by name and value as the signature needs it; this is also the form that is sent.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    private func signature(
        _ request: Request, _ query: String, _ headers: CanonicalHeaders, _ payloadHash: String, _ time: SignatureTime
    ) -> String {
        let canonical = [request.method, request.path, query, headers.lines, headers.names, payloadHash]
            .joined(separator: "\n")
        let hash = Digest.hexadecimal(Digest.sha256(Array(canonical.utf8)))
        let text = [SignatureV4.algorithm, time.timestamp, scope(time), hash].joined(separator: "\n")
        var key = Array("AWS4\(secretKey)".utf8)
        for part in [time.day, region, service, "aws4_request"] { key = Digest.hmac(key: key, part) }
        return Digest.hexadecimal(Digest.hmac(key: key, text))
    }

    private func scope(_ time: SignatureTime) -> String { "\(time.day)/\(region)/\(service)/aws4_request" }
}

/// Header fields in the form that is signed: lower case, sorted, each name once, white space collapsed.
private struct CanonicalHeaders {
    let lines: String
    let names: String

    init(_ headers: [(name: String, value: String)]) {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let words = value.split { $0 == " " || $0 == "\t" }
            values[name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        let sorted = values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
        names = sorted.map(\.key).joined(separator: ";")
    }
}
