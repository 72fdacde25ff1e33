import Conference
import FoundationEssentials

/// What a session's cookie holds: a text signed with a ``SigningKey``.
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
        return key.text(of: payload)
    }

    /// Nil unless the signature is right.
    init?(_ text: String, signedWith key: SigningKey) {
        // Far above what an account's texts can make.
        guard let payload = key.payload(of: text, upTo: 8192) else { return nil }
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

    static func key(secret: String) -> SigningKey { SigningKey(secret: secret, purpose: "session cookie 1") }
}
