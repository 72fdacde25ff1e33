import FoundationEssentials
import HTTPClient
import TestSupport
import Testing

@testable import LiveKit

/// Answers, events and frames that are nearly what LiveKit sends; see `Fuzz`.
@Suite struct FuzzTests {
    private static let alphabet = Array("{}[]\":,\\0129-.enulltrue".utf8)

    @Test func aChangedWebhookIsNeverBelieved() throws {
        let recorded = try WebhookVerifierTests.recorded()
        let verifier = WebhookVerifier(apiKey: "devkey", secret: testSecret)
        try Fuzz.cases(count: 500) { fuzz in
            let webhook = fuzz.pick(recorded)
            let inToken = fuzz.chance(0.5)
            let content = inToken ? webhook.content : fuzz.mutated(webhook.content)
            let token =
                inToken
                ? String(decoding: fuzz.mutated(Array(webhook.authorization.utf8)), as: UTF8.self)
                : webhook.authorization
            // Bits that base64 leaves unused at the end may change without a change of what is signed.
            let isSame = content == webhook.content && Self.parts(token) == Self.parts(webhook.authorization)
            let isBelieved =
                (try? verifier.verify(authorization: token, content: content, now: webhook.receivedAt)) != nil
            try #require(isBelieved == isSame || isSame, "\(token) \(content)")
        }
    }

    /// The three parts of a token, decoded; nil unless there are three.
    private static func parts(_ token: String) -> [Data]? {
        let text = token.prefix(7).lowercased() == "bearer " ? token.dropFirst(7) : token[...]
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { part in
            let standard = part.replacing("-", with: "+").replacing("_", with: "/")
            return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
        }
        return parts.count == 3 ? parts : nil
    }

    @Test func anyEventIsReadOrRefusedWithTheSameMeaning() throws {
        let contents = try WebhookVerifierTests.recorded().map(\.content)
        try Fuzz.cases(count: 1000) { fuzz in
            let content = fuzz.mutated(fuzz.pick(contents), using: Self.alphabet)
            guard let event = try? WebhookEvent(json: content) else { return }
            try #require(try WebhookEvent(json: content) == event)
        }
    }

    /// Answers of the API: what is read is what was sent, what isn't an answer is an error of ours, nothing traps.
    @Test func anyAnswerIsReadOrRefused() throws {
        let answers = try TestData.json("twirp.json").array.compactMap { entry in
            try entry.object["response"].map { Array(try $0.wire.utf8) }
        }
        #expect(answers.count > 20)
        try Fuzz.cases(count: 1000) { fuzz in
            let answer = fuzz.mutated(fuzz.pick(answers), using: Self.alphabet)
            _ = try? ProtobufJSON.decode(RoomInfo.self, from: answer)
            _ = try? ProtobufJSON.decode(RoomList.self, from: answer)
            _ = try? ProtobufJSON.decode(ParticipantList.self, from: answer)
            do {
                for egress in try ProtobufJSON.decode(EgressList.self, from: answer).items ?? [] {
                    try #require(!egress.status.isEmpty || answer.contains(UInt8(ascii: "\"")))
                }
            } catch let error as DecodingError {
                // What an operator reads holds nothing of the answer.
                let reason = ProtobufJSON.reason(of: error)
                try #require(!reason.contains("\"") && reason.utf8.count < 200, "\(reason)")
            }
        }
    }

    @Test func numbersOf64BitsAreReadInBothForms() throws {
        struct Holder: Decodable { let n: ProtobufInteger }
        try Fuzz.cases { fuzz in
            let top: Int64 = fuzz.pick([9, 1 << 53, .max])
            let number = Int64.random(in: -top...top, using: &fuzz)
            for text in ["\(number)", "\"\(number)\""] {
                let read = try ProtobufJSON.decode(Holder.self, from: Array("{\"n\":\(text)}".utf8))
                try #require(read.n.value == number, "\(text)")
            }
        }
    }

    /// A message is found whole however it was cut into frames and however those arrived.
    @Test func messagesAreFoundInFramesInPieces() throws {
        try Fuzz.cases { fuzz in
            let messages = (0..<fuzz.number(1...3)).map { _ in fuzz.bytes(upTo: fuzz.pick([3, 130, 300])) }
            var stream: [UInt8] = []
            for message in messages {
                var rest = message[...]
                var opcode: UInt8 = 2
                repeat {
                    if fuzz.chance(0.2) { stream += Self.frame(9, isLast: true, fuzz.bytes(upTo: 5)[...]) }
                    let part = rest.prefix(fuzz.number(0...rest.count))
                    rest = rest.dropFirst(part.count)
                    stream += Self.frame(opcode, isLast: rest.isEmpty, part)
                    opcode = 0
                } while !rest.isEmpty
            }
            var reader = WebSocketMessages()
            var found: [[UInt8]] = []
            while !stream.isEmpty {
                let part = fuzz.number(1...stream.count)
                reader.add(Array(stream.prefix(part)))
                stream.removeFirst(part)
                while let message = try reader.next() { found.append(message) }
            }
            try #require(found == messages)
        }
    }

    private static func frame(_ opcode: UInt8, isLast: Bool, _ content: ArraySlice<UInt8>) -> [UInt8] {
        let head = opcode | (isLast ? 0x80 : 0)
        guard content.count > 125 else { return [head, UInt8(content.count)] + content }
        return [head, 126, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
    }

    @Test func brokenFramesAndFieldsEndInAnErrorOrNothing() throws {
        try Fuzz.cases(count: 2000) { fuzz in
            var reader = WebSocketMessages()
            reader.add(fuzz.mutated(Self.frame(2, isLast: true, fuzz.bytes(upTo: 200)[...])))
            for _ in 0..<200 where (try? reader.next()) == .some(nil) { break }
            let field: [UInt8] =
                [UInt8(fuzz.number(1...15)) << 3 | 2, UInt8(fuzz.number(0...20))] + fuzz.bytes(upTo: 20)
            let message = fuzz.mutated(field)
            if let content = ProtobufFields.content(1, of: message[...]) { try #require(content.count < message.count) }
        }
    }
}
