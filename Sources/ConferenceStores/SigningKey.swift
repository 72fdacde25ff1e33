/// Signs bytes that clients carry for us: `base64url(payload).base64url(HMAC-SHA256 of the payload)`.
struct SigningKey: Sendable {
    private let bytes: [UInt8]

    /// - Parameters:
    ///   - secret: the configured secret, from which the key is derived, so that it can serve several purposes.
    ///   - purpose: what is signed with one purpose's key is worth nothing for another.
    init(secret: String, purpose: String) {
        bytes = SHA256.authenticationCode(of: Array(purpose.utf8), key: Array(secret.utf8))
    }

    func text(of payload: [UInt8]) -> String { Base64URL.encode(payload) + "." + Base64URL.encode(sign(payload)) }

    /// The payload; nil unless the signature is right. What is longer than `limit` isn't worth decoding.
    func payload(of text: String, upTo limit: Int) -> [UInt8]? {
        guard text.utf8.count <= limit else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let payload = Base64URL.decode(parts[0]), let code = Base64URL.decode(parts[1]),
            SHA256.areEqual(code, sign(payload))
        else { return nil }
        return payload
    }

    private func sign(_ payload: [UInt8]) -> [UInt8] { SHA256.authenticationCode(of: payload, key: bytes) }
}
