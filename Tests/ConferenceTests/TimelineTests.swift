import FoundationEssentials
import Testing

@testable import Conference

struct TimelineTests {
    @Test func aPlaceIsReadAsItWasWrittenToTheMicrosecond() throws {
        let place = TimelinePlace(at: Date(timeIntervalSince1970: 1_772_442_000.123456), id: UUID())
        let read = try #require(TimelinePlace(place.description))
        #expect(read.id == place.id)
        #expect(read.description == place.description)
        #expect(abs(read.at.timeIntervalSince(place.at)) < 0.000_001)
        #expect(TimelinePlace(TimelinePlace.beginning.description) == .beginning)
    }

    @Test(arguments: ["", "t", "c0199f0c411d87b028f4a2f6b7c9d0e13", "t" + String(repeating: "f", count: 48)])
    func whatIsNoPlaceIsNotRead(text: String) {
        #expect(TimelinePlace(text) == nil)
        #expect(TimelinePlace(String(repeating: "g", count: 49)) == nil)
    }

    @Test(arguments: [
        ("no answer from the recorder", "no answer from the recorder"),
        ("mail ada@example.org, or <ben@example.org>", "mail [e-mail], or <[e-mail]>"),
        (
            "token eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl was refused",
            "token [secret] was refused"
        ),
        ("short eyJh.e30.c2k", "short [secret]"),
        (
            "https://storage/b/recordings/a.mp4?X-Amz-Expires=60&X-Amz-Signature=0123456789abcdef0123456789abcdef",
            "https://storage/b/recordings/a.mp4?X-Amz-Expires=60&X-Amz-Signature=[secret]"
        ),
        ("come to https://meet/join/k3mf-9x2c-7tqa-0dvn-8hwz!", "come to https://meet/join/[link]"),
        ("meeting 0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13.", "meeting 0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13."),
        ("postgresql://user:word@db/x", "postgresql://[e-mail]/x"),
        ("Größe über alles, Łódź", "Größe über alles, Łódź"),
    ])
    func secretsAreTakenOutOfTextsAndNothingElse(text: String, expected: String) {
        #expect(Redaction.redact(text) == expected)
    }
}
