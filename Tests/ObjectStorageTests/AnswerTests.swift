import FoundationEssentials
import Testing

@testable import ObjectStorage

struct AnswerTests {
    @Test func listingIsReadWithItsEscapes() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
            <NextContinuationToken>1/ab&amp;c=</NextContinuationToken>
            <Contents><Key>a+b%2Bc/%C3%A9</Key><LastModified>2026-01-31T12:00:01.000Z</LastModified>
            <ETag>&quot;e1&quot;</ETag><Size>12</Size></Contents>
            <Contents><Key>z</Key><Size>0</Size></Contents>
            <CommonPrefixes><Prefix>p%20q/</Prefix></CommonPrefixes></ListBucketResult>
            """
        let listing = try #require(XMLElement.parse(Array(text.utf8)).flatMap(ObjectListing.init))
        #expect(listing.entries.map(\.key) == ["a b+c/é", "z"])
        #expect(listing.entries[0].length == 12)
        #expect(listing.entries[0].etag == "\"e1\"")
        #expect(listing.entries[0].lastModified == Date(timeIntervalSince1970: 1_769_860_801))
        #expect(listing.commonPrefixes == ["p q/"])
        #expect(listing.continuation == "1/ab&c=")
    }

    @Test func keysAreTakenAsTheyAreWhenTheStorageDoesNotEncodeThem() throws {
        let text = "<ListBucketResult><Contents><Key>a+b%20c</Key><Size>1</Size></Contents></ListBucketResult>"
        let listing = try #require(XMLElement.parse(Array(text.utf8)).flatMap(ObjectListing.init))
        #expect(listing.entries.map(\.key) == ["a+b%20c"])
        #expect(listing.continuation == nil)
    }

    @Test(arguments: [
        "", "<a>", "<a></b>", "text", "<a/><b/>", "<a>&undefined;</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
    ])
    func documentThatNoStorageSendsIsRefused(text: String) {
        #expect(XMLElement.parse(Array(text.utf8)) == nil)
    }

    @Test func datesOfHeadersAreRead() {
        #expect(AnswerDate.fromHeader("Sun, 30 Aug 2015 12:36:00 GMT") == Date(timeIntervalSince1970: 1_440_938_160))
        #expect(AnswerDate.fromHeader("yesterday") == nil)
        #expect(AnswerDate.fromListing("yesterday") == nil)
    }
}
