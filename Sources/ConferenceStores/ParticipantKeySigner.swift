import Conference
import FoundationEssentials

/// Participants' keys, texts signed with a ``SigningKey``. They need no store, so they work while Redis is away.
public struct ParticipantKeySigner: ParticipantKeySigning {
    private static let version: UInt8 = 1
    /// Version, two ids and a time.
    private static let payloadLength = 1 + 16 + 16 + 8

    private let signingKey: SigningKey

    /// - Parameter secret: the configured session secret. The key derived from it serves this purpose only.
    public init(secret: String) {
        signingKey = SigningKey(secret: secret, purpose: "participant key 1")
    }

    public func key(for claim: ParticipantClaim) -> String {
        var payload = [Self.version]
        payload.append(claim.meetingID.uuid)
        payload.append(claim.participantID.uuid)
        payload.append(bigEndian: claim.expiresAt.microseconds)
        return signingKey.text(of: payload)
    }

    public func claim(of key: String, at moment: Date) -> ParticipantClaim? {
        guard let payload = signingKey.payload(of: key, upTo: 255), payload.count == Self.payloadLength else {
            return nil
        }
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
