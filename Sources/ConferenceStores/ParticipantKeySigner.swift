import Conference
import FoundationEssentials

/// Participants' keys: `base64url(payload).base64url(HMAC-SHA256 of the payload)`. They need no store, so they work while
/// Redis is away.
public struct ParticipantKeySigner: ParticipantKeySigning {
    private static let version: UInt8 = 1
    /// Version, two ids and a time.
    private static let payloadLength = 1 + 16 + 16 + 8

    private let signingKey: [UInt8]

    /// - Parameter secret: the configured session secret. The key derived from it serves this purpose only.
    public init(secret: String) {
        signingKey = SHA256.authenticationCode(of: Array("participant key 1".utf8), key: Array(secret.utf8))
    }

    public func key(for claim: ParticipantClaim) -> String {
        var payload = [Self.version]
        payload.append(claim.meetingID.uuid)
        payload.append(claim.participantID.uuid)
        payload.append(bigEndian: claim.expiresAt.microseconds)
        let code = SHA256.authenticationCode(of: payload, key: signingKey)
        return Base64URL.encode(payload) + "." + Base64URL.encode(code)
    }

    public func claim(of key: String, at moment: Date) -> ParticipantClaim? {
        guard key.utf8.count < 256 else { return nil }
        let parts = key.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let payload = Base64URL.decode(parts[0]), payload.count == Self.payloadLength,
            let code = Base64URL.decode(parts[1]),
            SHA256.areEqual(code, SHA256.authenticationCode(of: payload, key: signingKey))
        else { return nil }
        var rest = payload[...]
        guard rest.popFirst() == Self.version, let meeting = rest.take(16), let participant = rest.take(16),
            let expiry: Int64 = rest.takeBigEndian()
        else { return nil }
        let claim = ParticipantClaim(
            meetingID: MeetingID(UUID(bytes: meeting)), participantID: ParticipantID(UUID(bytes: participant)),
            expiresAt: Date(microseconds: expiry))
        return claim.expiresAt > moment ? claim : nil
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ id: UUID) {
        Swift.withUnsafeBytes(of: id.uuid) { append(contentsOf: $0) }
    }
}
