import FoundationEssentials
import TestSupport
import Testing

@testable import Conference

/// Properties of merging and of small parsers on random input; see `Fuzz`.
@Suite struct FuzzTests {
    /// Few ids, versions and nonces, so that everything meets everything. Equal in version and nonce means equal.
    private static func elements(_ fuzz: inout Fuzz) -> [WhiteboardElement] {
        (0..<fuzz.number(0...12)).map { _ in
            let (id, version, nonce) = (fuzz.pick(["a", "b", "c", "d"]), fuzz.number(1...4), fuzz.number(0...2))
            let seed = version * 3 + nonce + Int(id.utf8.first ?? 0)
            return WhiteboardElement(
                id: id, version: version, versionNonce: nonce, index: [nil, "a0", "a1", "Zz"][seed % 4],
                isDeleted: seed % 3 == 0, json: "{\"v\":\(version),\"n\":\(nonce)}")
        }
    }

    @Test func mergingHasNoOrderAndLosesNothing() throws {
        try Fuzz.cases(count: 2000) { fuzz in
            let (one, two, three) = (Self.elements(&fuzz), Self.elements(&fuzz), Self.elements(&fuzz))
            let all = [].merged(with: one).merged(with: two).merged(with: three)
            try #require(all == [].merged(with: three).merged(with: one).merged(with: two), "order of arrival")
            try #require(all == one.merged(with: two.merged(with: three)), "what was merged before")
            try #require(all == all.merged(with: two) && all == all.merged(with: all), "twice")
            try #require(all == [].merged(with: (one + two + three).shuffled(using: &fuzz)), "at once")
            try #require(Set(all.map(\.id)) == Set((one + two + three).map(\.id)), "nothing is lost")
            for element in one + two + three {
                let winner = try #require(all.first { $0.id == element.id })
                try #require(winner == element || winner.beats(element))
            }
        }
    }

    private static let texts = [
        "a", "\\\"", "\\\\", "\\u0000", "\\u007d", "{", "}", "[", ":", ",", "version", "é", "😀", " ",
    ]

    private static func value(_ fuzz: inout Fuzz, depth: Int = 0) -> String {
        switch fuzz.number(0...(depth < 3 ? 6 : 4)) {
        case 0: fuzz.pick(["true", "false", "null"])
        case 1: "\(fuzz.number(-9...999))"
        case 2: fuzz.pick(["1.5e3", "-0.25", "1E+2"])
        case 3, 4: "\"\(fuzz.text(of: texts, upTo: 4))\""
        case 5: "[" + (0..<fuzz.number(0...3)).map { _ in value(&fuzz, depth: depth + 1) }.joined(separator: ", ") + "]"
        default:
            object(
                [(0..<fuzz.number(0...3)).map { "n\($0)" }].joined().map { ($0, value(&fuzz, depth: depth + 1)) }, &fuzz
            )
        }
    }

    private static func object(_ members: [(String, String)], _ fuzz: inout Fuzz) -> String {
        func blank() -> String { fuzz.pick(["", "", " ", "\n\t"]) }
        let parts = members.map { name, value in
            // White space around a value goes with it when it is replaced.
            let isReplaced = ["version", "isDeleted"].contains(name)
            let (before, after) = isReplaced ? ("", "") : (blank(), blank())
            return "\(blank())\"\(name)\"\(blank()):\(before)\(value)\(after)"
        }
        return "{" + (parts.isEmpty ? blank() : parts.joined(separator: ",")) + "}"
    }

    /// The text with new values is what would have been written with them.
    @Test func replacingMembersChangesNothingElse() throws {
        try Fuzz.cases { fuzz in
            var members = (0..<fuzz.number(0...5)).map { ("m\($0)", Self.value(&fuzz)) }
            members += [("version", "\(fuzz.number(0...99))"), ("isDeleted", fuzz.pick(["true", "false"]))]
            members.shuffle(using: &fuzz)
            let changed = members.map { ($0.0, ["version": "777", "isDeleted": "null"][$0.0] ?? $0.1) }
            let writing = fuzz
            let before = Self.object(members, &fuzz)
            fuzz = writing
            let after = Self.object(changed, &fuzz)
            try #require(JSONMembers.has(["version", "isDeleted"], in: before), "\(before)")
            let replaced = JSONMembers.replacing(in: before, [("version", "777"), ("isDeleted", "null")])
            try #require(replaced == after, "\(before)")
        }
    }

    @Test func membersOfAnyBytesAreFoundOrNot() throws {
        try Fuzz.cases { fuzz in
            let object = fuzz.mutated(
                Array(Self.object([("version", "1"), ("a", Self.value(&fuzz))], &fuzz).utf8),
                using: Array("\"\\{}[]:".utf8))
            let text = String(decoding: object, as: UTF8.self)
            if !JSONMembers.has(["version"], in: text) {
                try #require(JSONMembers.replacing(in: text, [("version", "2")]) == text, "\(text)")
            }
        }
    }

    @Test func placesOfEventsAreReadAsTheyWereWrittenAndNotOtherwise() throws {
        try Fuzz.cases { fuzz in
            let top: UInt64 = fuzz.pick([9, 1 << 32, .max])
            let id = MeetingEventID(
                milliseconds: .random(in: 0...top, using: &fuzz), sequence: .random(in: 0...top, using: &fuzz))
            try #require(MeetingEventID(id.description) == id)
            let text = String(
                decoding: fuzz.mutated(Array(id.description.utf8), using: Array("-+0129 ".utf8)), as: UTF8.self)
            if let read = MeetingEventID(text) { try #require(read.description == text, "\(text)") }
        }
    }

    @Test func codesOfLinksAreReadAsTheyWereWritten() throws {
        try Fuzz.cases { fuzz in
            let text =
                fuzz.chance(0.5)
                ? fuzz.text(upTo: 30) : fuzz.text(of: ["k3mf", "9x2c", "-", " ", "O", "1", "é"], upTo: 8)
            guard let code = JoinCode(text) else { return }
            try #require(JoinCode(code.text) == code, "\(text)")
        }
    }

    @Test func namesAndAddressesThatAreTakenCanBeShown() throws {
        try Fuzz.cases { fuzz in
            let text = fuzz.text(upTo: 40)
            if let name = try? DisplayName(text) {
                try #require(
                    !name.text.isEmpty
                        && !name.text.unicodeScalars.contains { $0.properties.generalCategory == .control })
                try #require(try DisplayName(name.text) == name, "\(text)")
            }
            let address = fuzz.text(of: ["a", "B", ".", "@", "@", " ", "-", "é", "\u{1}", "example.org"], upTo: 6)
            if let email = try? EmailAddress(address) {
                try #require(try EmailAddress(email.text) == email, "\(address)")
            }
        }
    }
}
