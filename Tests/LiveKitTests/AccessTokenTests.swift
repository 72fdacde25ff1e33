import FoundationEssentials
import LiveKit
import Testing

struct AccessTokenTests {
    static let secret = "abcdefghijklmnopqrstuvwxyz0123456789"
    static let now = Date(timeIntervalSince1970: 1_700_000_000.9)

    private func token(
        secret: String = Self.secret, identity: String? = "guest-1", grants: VideoGrants,
        lifetime: Duration = .seconds(600)
    ) -> AccessToken {
        AccessToken(apiKey: "devkey", secret: secret, identity: identity, grants: grants, lifetime: lifetime)
    }

    @Test func tokenIsTheSameThatAnotherLibraryMakes() throws {
        // Signed with openssl: printf HEADER.PAYLOAD | openssl dgst -sha256 -hmac SECRET -binary | basenc --base64url
        let token = AccessToken(
            apiKey: "devkey", secret: Self.secret, identity: "guest-1",
            grants: VideoGrants(roomJoin: true, room: "r"), lifetime: .seconds(600))
        let parts = try token.sign(now: Self.now).split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        #expect(text(parts[0]) == #"{"alg":"HS256","typ":"JWT"}"#)
        #expect(
            text(parts[1])
                == #"{"exp":1700000600,"iss":"devkey","nbf":1700000000,"sub":"guest-1","video":{"room":"r","roomJoin":true}}"#
        )
        #expect(parts[2] == "xHf65q3NuRarSP_KE13qo1weR_C13NBfK93zCOTIbxs")
    }

    @Test func everyGrantHasItsName() throws {
        let grants = VideoGrants(
            roomCreate: true, roomList: true, roomRecord: true, roomAdmin: true, roomJoin: true, room: "r",
            destinationRoom: "d", canPublish: false, canSubscribe: false, canPublishData: false,
            canPublishSources: [.camera, .microphone, .screenShare, .screenShareAudio], canUpdateOwnMetadata: false,
            canSubscribeMetrics: true, ingressAdmin: true, hidden: true, recorder: true, agent: true)
        let payload = try text(String(token(grants: grants).sign().split(separator: ".")[1]))
        for part in [
            #""roomCreate":true"#, #""roomList":true"#, #""roomRecord":true"#, #""roomAdmin":true"#,
            #""roomJoin":true"#, #""room":"r""#, #""destinationRoom":"d""#, #""canPublish":false"#,
            #""canSubscribe":false"#, #""canPublishData":false"#,
            #""canPublishSources":["camera","microphone","screen_share","screen_share_audio"]"#,
            #""canUpdateOwnMetadata":false"#, #""canSubscribeMetrics":true"#, #""ingressAdmin":true"#,
            #""hidden":true"#, #""recorder":true"#, #""agent":true"#,
        ] {
            #expect(payload.contains(part))
        }
    }

    @Test func nameMetadataAndAttributesAreCarriedAsTheyAre() throws {
        let token = AccessToken(
            apiKey: "k", secret: Self.secret, identity: "i", name: "Zoë \"Z\" </script>", metadata: #"{"a":1}"#,
            attributes: ["role": "host", "b": ""], grants: VideoGrants(roomJoin: true, room: "r"), lifetime: .seconds(1)
        )
        struct Claims: Decodable {
            let name: String
            let metadata: String
            let attributes: [String: String]
        }
        let payload = try text(String(token.sign().split(separator: ".")[1]))
        let claims = try JSONDecoder().decode(Claims.self, from: Data(payload.utf8))
        #expect(claims.name == "Zoë \"Z\" </script>")
        #expect(claims.metadata == #"{"a":1}"#)
        #expect(claims.attributes == ["role": "host", "b": ""])
    }

    @Test func shortSecretIsRefused() {
        let short = String(repeating: "s", count: 31)
        #expect(throws: LiveKitError.secretTooShort(length: 31)) {
            try token(secret: short, grants: VideoGrants(roomList: true)).sign()
        }
    }

    @Test(arguments: [Duration.zero, .milliseconds(999), .seconds(-5), .seconds(24 * 3600 + 1)])
    func lifetimeOutOfBoundsIsRefused(lifetime: Duration) {
        #expect(throws: LiveKitError.lifetimeOutOfBounds(lifetime)) {
            try token(grants: VideoGrants(roomList: true), lifetime: lifetime).sign()
        }
    }

    @Test(arguments: [nil, ""])
    func joiningNeedsARoomAndAnIdentity(missing: String?) {
        #expect(throws: LiveKitError.missingRoom) {
            try token(grants: VideoGrants(roomJoin: true, room: missing)).sign()
        }
        #expect(throws: LiveKitError.missingRoom) {
            try token(grants: VideoGrants(roomAdmin: true, room: missing)).sign()
        }
        #expect(throws: LiveKitError.missingIdentity) {
            try token(identity: missing, grants: VideoGrants(roomJoin: true, room: "r")).sign()
        }
    }

    @Test func tokensCanBeSignedOnManyThreadsAtOnce() async throws {
        let expected = try token(grants: VideoGrants(roomList: true)).sign(now: Self.now)
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<200 {
                group.addTask { try? token(grants: VideoGrants(roomList: true)).sign(now: Self.now) }
            }
            for await text in group { #expect(text == expected) }
        }
    }

    /// Decodes base64url.
    private func text(_ part: String) -> String {
        var standard = part.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while standard.count % 4 != 0 { standard.append("=") }
        return String(decoding: Data(base64Encoded: String(standard)) ?? Data(), as: UTF8.self)
    }
}
