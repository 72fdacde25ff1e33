import Conference
import FoundationEssentials

/// What a session's cookie holds: `base64url(payload).base64url(HMAC-SHA256 of the payload)`.
///
/// While Redis answers, the cookie is only the way to the session there. While it doesn't, the signature stands in.
struct SessionCookie: Hashable, Sendable {
    /// 256 random bits. Redis knows their digest only, so that who reads Redis can't use them.
    let id: [UInt8]
    /// Moves on when the cookie is renewed.
    let issuedAt: Date
    /// Made while Redis was away: the session is to be written there.
    let isPending: Bool
    let record: SessionRecord

    private static let version: UInt8 = 1

    func text(signedWith key: SigningKey) -> String {
        var payload: [UInt8] = [Self.version, isPending ? 1 : 0]
        payload += id
        payload.append(bigEndian: issuedAt.microseconds)
        payload += record.encoded
        return Base64URL.encode(payload) + "." + Base64URL.encode(key.sign(payload))
    }

    /// Nil unless the signature is right.
    init?(_ text: String, signedWith key: SigningKey) {
        // Far above what an account's texts can make; not worth decoding.
        guard text.utf8.count <= 8192 else { return nil }
        let parts = text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard parts.count == 2, let payload = Base64URL.decode(parts[0]), let code = Base64URL.decode(parts[1]),
            SHA256.areEqual(code, key.sign(payload))
        else { return nil }
        var rest = payload[...]
        guard rest.popFirst() == Self.version, let flags = rest.popFirst(), let id = rest.take(32),
            let issued: Int64 = rest.takeBigEndian(), let record = SessionRecord(rest)
        else { return nil }
        self.init(
            id: Array(id), issuedAt: Date(microseconds: issued), isPending: flags == 1, record: record)
    }

    init(id: [UInt8], issuedAt: Date, isPending: Bool, record: SessionRecord) {
        precondition(id.count == 32, "a session's id has 256 bits")
        self.id = id
        self.issuedAt = issuedAt
        self.isPending = isPending
        self.record = record
    }

    /// The key, derived from the configured secret so that the secret can serve other purposes, too.
    struct SigningKey: Sendable {
        private let bytes: [UInt8]

        init(secret: String) {
            bytes = SHA256.authenticationCode(of: Array("session cookie 1".utf8), key: Array(secret.utf8))
        }

        func sign(_ payload: [UInt8]) -> [UInt8] { SHA256.authenticationCode(of: payload, key: bytes) }
    }
}
