/// How to reach the LiveKit server's API, and the key it shares with us.
public struct LiveKitConfiguration: Sendable {
    /// `http://host:port`, without a slash at the end.
    public let url: String
    public let apiKey: String
    public let secret: String

    /// - Throws: ``LiveKitError`` for a URL that is not http or https, or that has a path, a query or credentials; for
    ///   an empty key and a secret that is too short.
    public init(url: String, apiKey: String, secret: String) throws(LiveKitError) {
        guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else {
            throw .invalidURL(reason: "must begin with http:// or https://, since it is for calls from here")
        }
        var authority = url.dropFirst(scheme.count)
        if authority.hasSuffix("/") { authority.removeLast() }
        guard !authority.isEmpty, !authority.contains(where: { "/?#@ ".contains($0) }) else {
            throw .invalidURL(reason: "must be a host and a port, nothing more")
        }
        guard !apiKey.isEmpty else { throw .missingAPIKey }
        guard secret.utf8.count >= AccessToken.minimumSecretLength else {
            throw .secretTooShort(length: secret.utf8.count)
        }
        self.url = scheme + authority
        self.apiKey = apiKey
        self.secret = secret
    }
}
