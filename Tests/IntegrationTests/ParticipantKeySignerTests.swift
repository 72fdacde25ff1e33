import Conference
import FoundationEssentials
import Testing

@testable import ConferenceStores

@Suite struct ParticipantKeySignerTests {
    private let signer = ParticipantKeySigner(secret: "a secret of more than thirty-two characters")
    private let claim = ParticipantClaim(
        meetingID: MeetingID(UUIDv7Generator().next()), participantID: ParticipantID(UUIDv7Generator().next()),
        expiresAt: Date(timeIntervalSince1970: 1_772_355_600))

    @Test func aKeySaysWhoseItIsUntilItExpires() {
        let key = signer.key(for: claim)
        #expect(signer.claim(of: key, at: claim.expiresAt - 1) == claim)
        #expect(signer.claim(of: key, at: claim.expiresAt) == nil)
    }

    @Test func noOtherTextIsAKey() {
        let key = signer.key(for: claim)
        let moment = claim.expiresAt - 1
        for index in key.indices {
            var wrong = key
            wrong.replaceSubrange(index...index, with: key[index] == "A" ? "B" : "A")
            #expect(signer.claim(of: wrong, at: moment) == nil, "\(wrong)")
        }
        for wrong in ["", ".", key + ".", key + "A", String(key.dropLast()), String(repeating: "A", count: 5000)] {
            #expect(signer.claim(of: wrong, at: moment) == nil)
        }
        #expect(ParticipantKeySigner(secret: "another one").claim(of: key, at: moment) == nil)
    }

    @Test func aSessionCookieIsNoKey() throws {
        let secret = "a secret of more than thirty-two characters"
        let payload: [UInt8] = Array(repeating: 1, count: 41)
        let cookieKey = SHA256.authenticationCode(of: Array("session cookie 1".utf8), key: Array(secret.utf8))
        let forged =
            Base64URL.encode(payload) + "."
            + Base64URL.encode(SHA256.authenticationCode(of: payload, key: cookieKey))
        #expect(signer.claim(of: forged, at: Date(timeIntervalSince1970: 0)) == nil)
    }
}
