import FoundationEssentials
import Testing

@testable import ConferenceAPI

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-03-01T09:00:00Z", 1_772_355_600),
        ("2026-03-01t10:00:00.000+01:00", 1_772_355_600),
        ("2026-02-28T23:30:00-09:30", 1_772_355_600), ("2000-02-29T00:00:00z", 951_782_400),
        ("1969-12-31T23:59:59.5Z", -0.5), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ("0001-01-01T00:00:00Z", -62_135_596_800),
    ])
    func readsTimes(text: String, seconds: Double) throws {
        #expect(try #require(RFC3339.parse(text)).timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2026-03-01", "2026-03-01T09:00:00", "2026-03-01 09:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z",
        "2026-03-01T09:00:61Z", "2026-03-01T09:00:00.Z", "2026-03-01T09:00:00+1:00", "2026-03-01T09:00:00+24:00",
        "2026-03-01T09:00:00Zx", "26-03-01T09:00:00Z", "2026-03-01T09:00:00\u{0}Z", "1900-02-29T00:00:00Z",
    ])
    func refusesWhatIsNoTime(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func readsBackWhatItWrites() throws {
        for day in stride(from: -800_000, to: 800_000, by: 997) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 1.25)
            if (1...9999).contains(1970 + day / 365) {
                #expect(RFC3339.parse(RFC3339.format(date)) == date)
            }
        }
    }
}
