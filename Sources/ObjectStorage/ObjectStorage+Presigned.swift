/// What a presigned URL allows.
public enum PresignedMethod: String, Hashable, Sendable {
    case get = "GET"
    case put = "PUT"
}

extension ObjectStorage {
    /// A URL that lets anyone who has it read or store one object for a while. Treat it as a secret.
    ///
    /// - Parameters:
    ///   - expires: 1 second to 7 days.
    ///   - contentType: for GET, what the answer's Content-Type shall say.
    ///   - contentDisposition: for GET, what the answer's Content-Disposition shall say, such as a file name.
    public func presignedURL(
        method: PresignedMethod, key: String, expires: Duration, contentType: String? = nil,
        contentDisposition: String? = nil
    ) throws(ObjectStorageError) -> String {
        try Operation.checkKey(key)
        guard expires >= .seconds(1), expires <= .seconds(7 * 24 * 3600) else {
            throw .invalidArgument(reason: "a presigned URL lives for 1 second to 7 days")
        }
        var query: [(name: String, value: String)] = []
        if method == .get {
            if let contentType { query.append(("response-content-type", contentType)) }
            if let contentDisposition { query.append(("response-content-disposition", contentDisposition)) }
        }
        let path = Operation(name: "Presign", method: method.rawValue, key: key).path(in: configuration.bucket)
        let signed = configuration.signature.presignedQuery(
            for: SignatureV4.Request(
                method: method.rawValue, path: path, query: query, headers: [("host", configuration.host)]),
            expires: expires, at: SignatureTime(now()))
        return "\(configuration.endpoint)\(path)?\(signed)"
    }
}
