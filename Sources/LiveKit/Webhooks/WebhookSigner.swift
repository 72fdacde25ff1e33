import COpenSSL
public import FoundationEssentials

/// Signs webhooks as the server does, to see whether they are believed; see ``WebhookVerifier``.
public struct WebhookSigner: Sendable {
    private let apiKey: String
    private let secret: [UInt8]

    public init(apiKey: String, secret: String) {
        self.apiKey = apiKey
        self.secret = Array(secret.utf8)
    }

    private struct Claims: Encodable {
        let iss: String
        let nbf: Int
        let exp: Int
        let sha256: String
    }

    /// What belongs into the header field `Authorization`, good for five minutes.
    ///
    /// - Throws: ``LiveKitError`` when the libraries can't sign.
    public func sign(_ content: [UInt8], now: Date) throws -> String {
        let time = Int(now.timeIntervalSince1970)
        let claims = Claims(
            iss: apiKey, nbf: time, exp: time + 300,
            sha256: Data(WebhookVerifier.digest(of: content)).base64EncodedString())
        return try JWS.sign(Array(JSONEncoder().encode(claims)), secret: secret)
    }
}
