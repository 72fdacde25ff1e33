import COpenSSL
public import FoundationEssentials

/// Tells the server's webhooks from what others send.
///
/// A webhook's `Authorization` is a token signed with the API secret, whose claim `sha256` is the hash of the content.
public struct WebhookVerifier: Sendable {
    /// How far the server's clock may be off.
    public static let leeway = Duration.seconds(60)

    private let apiKey: String
    private let secret: [UInt8]

    public init(apiKey: String, secret: String) {
        self.apiKey = apiKey
        self.secret = Array(secret.utf8)
    }

    /// Why a webhook is not believed.
    public enum Refusal: String, Error, Hashable, Sendable {
        case missingToken = "it has no token"
        case wrongSignature = "its token isn't signed with our API secret by HS256"
        case wrongClaims = "its token's claims can't be read"
        case wrongKey = "its token names another API key"
        case expired = "its token has expired"
        case notYetValid = "its token isn't valid yet"
        case missingHash = "its token has no hash of the content"
        case wrongHash = "its content isn't what the token was made for"
    }

    private struct Claims: Decodable {
        let iss: String?
        let exp: Double?
        let nbf: Double?
        let sha256: String?
    }

    /// - Parameters:
    ///   - authorization: the header field as it came; `Bearer` before the token is allowed.
    ///   - content: exactly as it came.
    /// - Throws: ``Refusal``.
    public func verify(authorization: String?, content: [UInt8], now: Date) throws {
        guard let token = authorization.map(WebhookVerifier.token), !token.isEmpty else { throw Refusal.missingToken }
        guard let payload = try JWS.verify(token, secret: secret) else { throw Refusal.wrongSignature }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload)) else {
            throw Refusal.wrongClaims
        }
        guard claims.iss == apiKey else { throw Refusal.wrongKey }
        let time = now.timeIntervalSince1970
        let leeway = Double(WebhookVerifier.leeway.components.seconds)
        guard let expiry = claims.exp else { throw Refusal.wrongClaims }
        guard expiry > time - leeway else { throw Refusal.expired }
        if let begin = claims.nbf, begin > time + leeway { throw Refusal.notYetValid }
        guard let text = claims.sha256, !text.isEmpty else { throw Refusal.missingHash }
        guard let hash = Data(base64Encoded: text),
            WebhookVerifier.areEqual(Array(hash), WebhookVerifier.digest(of: content))
        else { throw Refusal.wrongHash }
    }

    private static func token(_ authorization: String) -> String {
        let isBearer = authorization.prefix(7).lowercased() == "bearer "
        return String(isBearer ? authorization.dropFirst(7) : authorization[...])
    }

    static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        let status = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(status == 1, "OpenSSL computes no SHA-256")
        return digest
    }

    /// In a time that doesn't tell where they differ.
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
