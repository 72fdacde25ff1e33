import Conference
import FoundationEssentials
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        ("Ann", "Ann"), ("  Ann \t Bo\n", "Ann Bo"), ("A\u{0}n\u{7}n", "Ann"), ("\u{202E}evil\u{202C}", "evil"),
        ("\u{2066}x\u{2069}", "x"), ("a\u{200B}b\u{FEFF}", "ab"), ("👩‍💻", "👩‍💻"), ("José", "José"), ("李雷", "李雷"),
    ])
    func displayNamesAreCleaned(raw: String, expected: String) throws {
        #expect(try DisplayName(raw).text == expected)
    }

    @Test(arguments: [
        "", "   ", "\u{202E}\u{200B}", "\u{200D}", "\u{301}", String(repeating: "x", count: 65),
        "a" + String(repeating: "\u{301}", count: 200),
    ])
    func unreadableOrLongDisplayNamesAreRefused(raw: String) {
        #expect(throws: ConferenceError.self) { try DisplayName(raw) }
    }

    @Test func identifiersAreReadInTheirUsualFormOnly() throws {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057"
        let id = try #require(MeetingID(text))
        #expect(id.description == text)
        #expect(id.uuid == UUID(uuidString: text))
        #expect(MeetingID(text.uppercased()) == id)
        let wrong = [
            "", "{\(text)}", text.replacing("-", with: ""), "\(text)0", String(text.dropLast()),
            text.replacing("a", with: "g"), text.replacing("5d-", with: "5-d"), text.replacing("a5d", with: "é"),
        ]
        for text in wrong { #expect(MeetingID(text) == nil, "\(text)") }
    }

    @Test(arguments: [
        (" Ada@Example.COM ", "ada@example.com"), ("a.b+c@x-y.example", "a.b+c@x-y.example"),
    ])
    func emailAddressesAreNormalised(raw: String, expected: String) throws {
        #expect(try EmailAddress(raw).text == expected)
    }

    @Test(arguments: [
        "", "a", "@example.com", "a@", "a@b", "a@b..c", "a@-b.c", "a b@c.d", "a@b@c.d", ".a@b.c", "a..b@c.d",
        "a\u{0}@b.c", "ä@b.c", "\"a\"@b.c", String(repeating: "a", count: 65) + "@b.c",
        "a@" + String(repeating: "b.", count: 130) + "c",
    ])
    func otherEmailAddressesAreRefused(raw: String) {
        #expect(throws: ConferenceError.self) { try EmailAddress(raw) }
    }

    @Test func joinCodesHaveAHundredBitsAndReadBackHoweverTheyAreTyped() throws {
        let code = JoinCode(random: CountingBytes())
        #expect(code.text == "0123-4567-89ab-cdef-ghjk")
        #expect(JoinCode("01234567-89AB-CDEF-GHJKM") == nil, "one symbol too many")
        #expect(JoinCode("oI23 4567-89AB-CDEF-GHJK") == code)
        #expect(JoinCode("0l23456789abcdefghjk") == code)
        #expect(JoinCode("0123-4567-89ab-cdef-ghju") == nil)
        #expect(JoinCode(random: SystemRandomSource()) != JoinCode(random: SystemRandomSource()))
    }

    @Test func idsAreVersion7SortByTimeAndAreWrittenInLowerCase() throws {
        let clock = TestClock()
        let generator = UUIDv7Generator(clock: clock, random: SystemRandomSource())
        let first = MeetingID(generator.next())
        clock.advance(by: 0.001)
        let second = MeetingID(generator.next())
        #expect(first < second)
        let text = first.description
        #expect(text == text.lowercased())
        #expect(text.dropFirst(14).first == "7")
        #expect("89ab".contains(try #require(text.dropFirst(19).first)))
        #expect(MeetingID(text) == first)
        #expect(text.hasPrefix("01a3185c-5000-7"))
    }

    @Test func meetingReferencesAreToldApart() throws {
        let id = MeetingID(CountingIDs().next())
        let code = JoinCode(random: CountingBytes())
        #expect(MeetingReference(id.description) == .id(id))
        #expect(MeetingReference(code.text) == .code(code))
        #expect(MeetingReference("nonsense") == nil)
    }

    @Test func pageCursorsReadBackAndNothingElseDoes() throws {
        let cursor = try PageCursor("c019000000000700080000000000000ff")
        #expect(cursor.description == "c019000000000700080000000000000ff")
        for text in ["", "c", "x019000000000700080000000000000ff", "c01900000000070008000000000000zzz"] {
            #expect(throws: ConferenceError.self) { try PageCursor(text) }
        }
    }

    @Test func passwordHashesAreNeverPrinted() {
        let hash = PasswordHash(phc: "$argon2id$secret")
        var dumped = ""
        dump(MeetingSettings(passcodeHash: hash), to: &dumped)
        #expect(!"\(hash) \(MeetingSettings(passcodeHash: hash)) \(dumped)".contains("secret"))
    }

    @Test func theSystemClockCountsWholeMicroseconds() {
        let microseconds = SystemWallClock().now.timeIntervalSinceReferenceDate * 1_000_000
        #expect(abs(microseconds - microseconds.rounded()) < 0.26)
    }
}
