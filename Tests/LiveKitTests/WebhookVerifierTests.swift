import FoundationEssentials
import TestSupport
import Testing

@testable import LiveKit

/// Webhooks that a real server sent, and what others might send.
struct WebhookVerifierTests {
    struct Recorded {
        let authorization: String
        let content: [UInt8]
        let receivedAt: Date
    }

    private let verifier = WebhookVerifier(apiKey: "devkey", secret: testSecret)

    static func recorded() throws -> [Recorded] {
        try TestData.json("webhooks.json").array.map { entry in
            Recorded(
                authorization: try #require(entry.object["headers"]?.object["Authorization"]?.text),
                content: Array(try #require(entry.object["body"]?.text).utf8),
                receivedAt: Date(timeIntervalSince1970: try #require(entry.object["received_at"]?.number)))
        }
    }

    /// A token for a content, changed as a test wants it.
    private func token(
        for content: [UInt8], secret: String = testSecret, header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        _ change: (inout [String: JSON]) -> Void = { _ in }
    ) throws -> String {
        var claims: [String: JSON] = [
            "iss": .text("devkey"), "nbf": .number(1_700_000_000), "exp": .number(1_700_000_300),
            "sha256": .text(WebhookSigning.hash(of: content)),
        ]
        change(&claims)
        return WebhookSigning.token(
            header: header, claims: String(decoding: try JSONEncoder().encode(JSON.object(claims)), as: UTF8.self),
            secret: secret)
    }

    private let content = Array(#"{"event":"room_started"}"#.utf8)
    private let now = Date(timeIntervalSince1970: 1_700_000_100)

    private func refusal(_ authorization: String?, content: [UInt8]? = nil, now: Date? = nil) throws
        -> WebhookVerifier.Refusal?
    {
        do {
            try verifier.verify(
                authorization: authorization, content: content ?? self.content, now: now ?? self.now)
            return nil
        } catch let refusal as WebhookVerifier.Refusal {
            return refusal
        }
    }

    @Test func recordedWebhooksAreBelieved() throws {
        let recorded = try Self.recorded()
        #expect(recorded.count == 8)
        for webhook in recorded {
            try verifier.verify(
                authorization: webhook.authorization, content: webhook.content, now: webhook.receivedAt)
            try verifier.verify(
                authorization: "Bearer \(webhook.authorization)", content: webhook.content, now: webhook.receivedAt)
        }
    }

    @Test func oneOtherByteIsRefused() throws {
        for webhook in try Self.recorded() {
            for index in stride(from: 0, to: webhook.content.count, by: 97) {
                var content = webhook.content
                content[index] ^= 1
                #expect(
                    try refusal(webhook.authorization, content: content, now: webhook.receivedAt) == .wrongHash)
            }
        }
    }

    @Test func contentOfAnotherIsRefused() throws {
        let recorded = try Self.recorded()
        #expect(
            try refusal(recorded[0].authorization, content: recorded[1].content, now: recorded[0].receivedAt)
                == .wrongHash)
    }

    @Test func ownTokenIsBelieved() throws {
        #expect(try refusal(token(for: content)) == nil)
    }

    @Test(arguments: [nil, "", "Bearer "])
    func withoutAToken(authorization: String?) throws {
        #expect(try refusal(authorization) == .missingToken)
    }

    @Test func anotherSecretIsRefused() throws {
        #expect(try refusal(token(for: content, secret: String(repeating: "x", count: 36))) == .wrongSignature)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"HS384","typ":"JWT"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256"}"#, "{}", "nonsense",
        #"{"alg":"HS256","crit":["exp"]}"#,
    ])
    func otherAlgorithmsAreRefused(header: String) throws {
        #expect(try refusal(token(for: content, header: header)) == .wrongSignature)
    }

    @Test func unsignedTokenIsRefused() throws {
        let signed = try token(for: content)
        let parts = signed.split(separator: ".")
        #expect(try refusal("\(parts[0]).\(parts[1]).") == .wrongSignature)
        #expect(try refusal("\(parts[0]).\(parts[1])") == .wrongSignature)
        #expect(try refusal(signed + "!") == .wrongSignature)
        #expect(try refusal(signed + ".x") == .wrongSignature)
    }

    @Test func everyChangedCharacterOfTheTokenIsRefused() throws {
        let signed = try token(for: content)
        for index in signed.indices where signed[index] != "." && index != signed.indices.last {
            var changed = signed
            changed.replaceSubrange(index...index, with: signed[index] == "A" ? "B" : "A")
            #expect(try refusal(changed) == .wrongSignature)
        }
    }

    @Test func anotherKeyIsRefused() throws {
        #expect(try refusal(token(for: content) { $0["iss"] = .text("other") }) == .wrongKey)
        #expect(try refusal(token(for: content) { $0["iss"] = nil }) == .wrongKey)
    }

    @Test func timesCountWithAMinutesLeeway() throws {
        let signed = try token(for: content)
        func at(_ seconds: Double) throws -> WebhookVerifier.Refusal? {
            try refusal(signed, now: Date(timeIntervalSince1970: 1_700_000_000 + seconds))
        }
        #expect(try at(-61) == .notYetValid)
        #expect(try at(-60) == nil)
        #expect(try at(359) == nil)
        #expect(try at(360) == .expired)
    }

    @Test func tokenWithoutAnEndIsRefused() throws {
        #expect(try refusal(token(for: content) { $0["exp"] = nil }) == .wrongClaims)
        #expect(try refusal(token(for: content) { $0["exp"] = .text("1700000300") }) == .wrongClaims)
        #expect(try refusal(token(for: content) { $0["nbf"] = nil }) == nil)
    }

    @Test func tokenWithoutAHashIsRefused() throws {
        #expect(try refusal(token(for: content) { $0["sha256"] = nil }) == .missingHash)
        #expect(try refusal(token(for: content) { $0["sha256"] = .text("") }) == .missingHash)
        #expect(try refusal(token(for: content) { $0["sha256"] = .text("====") }) == .wrongHash)
    }

    @Test func accessTokenIsNoWebhook() throws {
        let token = try AccessToken(
            apiKey: "devkey", secret: testSecret, identity: "guest", grants: VideoGrants(roomJoin: true, room: "r"),
            lifetime: .seconds(600)
        ).sign(now: now)
        #expect(try refusal(token) == .missingHash)
    }

    @Test func recordedEventsAreRead() throws {
        let events = try Self.recorded().map { try WebhookEvent(json: $0.content) }
        #expect(
            events.map(\.event) == [
                "room_started", "participant_joined", "participant_joined", "track_published", "participant_left",
                "track_unpublished", "participant_left", "room_finished",
            ])
        #expect(Set(events.map(\.id)).count == 8)
        #expect(events[0].createdAt == Date(timeIntervalSince1970: 1_795_397_134))
        #expect(events[0].room?.createdAt == Date(timeIntervalSince1970: 1_795_397_134.483))
        #expect(events[1].participant?.joinedAt == Date(timeIntervalSince1970: 1_795_397_134.591))
        #expect(events[3].room?.createdAt == nil, "events of tracks carry less of the room")
        #expect(events[3].track?.source == "CAMERA")
        #expect(events[4].participant?.disconnectReason == "PARTICIPANT_REMOVED")
    }
}
