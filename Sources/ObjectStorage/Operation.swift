import FoundationEssentials
import HTTPClient

/// One operation of the S3 API, not yet signed.
struct Operation: Sendable {
    /// As in the S3 API Reference, such as `PutObject`.
    let name: String
    var method: String
    /// nil for operations on the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: HTTPClientRequest.Body = .none
    /// Whether it may be sent again when nobody knows if it was done.
    var isIdempotent = true
    var movesContent = false

    /// - Throws: ``ObjectStorageError/invalidArgument(reason:)`` for a key that S3 can't hold.
    static func checkKey(_ key: String) throws(ObjectStorageError) {
        guard (1...1024).contains(key.utf8.count) else {
            throw .invalidArgument(reason: "an object's key has 1 to 1,024 bytes")
        }
    }

    func path(in bucket: String) -> String {
        guard let key else { return "/\(bucket)" }
        return "/\(bucket)/\(PercentEncoding.encode(key, keepingSlashes: true))"
    }

    /// The SHA-256 of a body in memory; a stream's can't be known before it is sent.
    func payloadHash() async -> String {
        switch body {
        case .none: return Digest.hexadecimal(Digest.sha256([]))
        case .stream: return SignatureV4.unsignedPayload
        case .bytes(let bytes):
            if bytes.count <= 64 << 10 { return Digest.hexadecimal(Digest.sha256(bytes)) }
            // Milliseconds of work, which an event loop must not do.
            return await withTaskExecutorPreference(globalConcurrentExecutor) {
                await Operation.hashElsewhere(bytes)
            }
        }
    }

    @concurrent
    private static func hashElsewhere(_ bytes: [UInt8]) async -> String { Digest.hexadecimal(Digest.sha256(bytes)) }

    func signed(
        _ configuration: ObjectStorageConfiguration, payloadHash: String, at date: Date, idle: Duration
    ) -> HTTPClientRequest {
        let time = SignatureTime(date)
        let sent = headers + [("x-amz-content-sha256", payloadHash), ("x-amz-date", time.timestamp)]
        let path = path(in: configuration.bucket)
        let authorization = configuration.signature.authorization(
            for: SignatureV4.Request(
                method: method, path: path, query: query, headers: sent + [("host", configuration.host)]),
            payloadHash: payloadHash, at: time)
        var request = HTTPClientRequest(
            method: method, url: configuration.endpoint + path, body: body, idleTimeout: idle)
        if !query.isEmpty { request.url += "?" + SignatureV4.canonicalQuery(query) }
        for (name, value) in sent { request.headers.add(name, value) }
        request.headers.add("Authorization", authorization)
        return request
    }

    func refusal(
        status: Int, _ root: XMLElement?, _ headers: HTTPClientHeaders
    ) -> ObjectStorageError.Refusal {
        ObjectStorageError.Refusal(
            operation: name, status: status, code: root?.text("Code") ?? Operation.code(ofStatus: status),
            message: String((root?.text("Message") ?? "the answer gives no reason").prefix(300)),
            requestID: headers["x-amz-request-id"] ?? headers["opc-request-id"] ?? root?.text("RequestId"))
    }

    private static func code(ofStatus status: Int) -> String {
        switch status {
        case 403: "AccessDenied"
        case 404: "NotFound"
        case 412: "PreconditionFailed"
        case 416: "InvalidRange"
        case 503: "ServiceUnavailable"
        default: "Status\(status)"
        }
    }
}

extension ObjectStorageConfiguration {
    var signature: SignatureV4 { SignatureV4(accessKey: accessKey, secretKey: secretKey, region: region) }
}
