import TestSupport
import Testing

@testable import ObjectStorage

/// Random names, queries and answers; see `Fuzz`. Signatures beside botocore's: `ObjectStorageSignatureTests`.
@Suite struct FuzzTests {
    @Test func namesAreDecodedAsTheyWereEncoded() throws {
        try Fuzz.cases { fuzz in
            let text = fuzz.text(upTo: 20)
            let encoded = PercentEncoding.encode(text, keepingSlashes: fuzz.chance(0.5))
            try #require(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
            try #require(PercentEncoding.decode(encoded) == text, "\(encoded)")
            let broken = String(decoding: fuzz.mutated(Array(encoded.utf8), using: Array("%+-0aF".utf8)), as: UTF8.self)
            guard let decoded = PercentEncoding.decode(broken) else { return }
            try #require(decoded.utf8.count == broken.utf8.count - 2 * broken.utf8.count { $0 == 0x25 }, "\(broken)")
            for escape in broken.split(separator: "%", omittingEmptySubsequences: false).dropFirst() {
                try #require(escape.prefix(2).allSatisfy(\.isHexDigit) && escape.count >= 2, "\(broken)")
            }
        }
    }

    /// The order in which parameters are given makes no other signature.
    @Test func queriesAreSortedWhateverTheirOrder() throws {
        try Fuzz.cases { fuzz in
            let query = (0..<fuzz.number(0...6)).map { _ in
                (name: fuzz.text(of: ["a", "b", "A", "-", "é", "=", "&"], upTo: 3), value: fuzz.text(upTo: 3))
            }
            let canonical = SignatureV4.canonicalQuery(query)
            try #require(SignatureV4.canonicalQuery(query.shuffled(using: &fuzz)) == canonical)
            let parts = canonical.isEmpty ? [] : canonical.split(separator: "&", omittingEmptySubsequences: false)
            try #require(parts.count == query.count && parts.allSatisfy { $0.count { $0 == "=" } == 1 }, "\(canonical)")
        }
    }

    @Test func answersAreReadOrRefused() throws {
        let answer = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <IsTruncated>false</IsTruncated><Contents><Key>a&amp;b&#233;</Key><Size>5</Size></Contents></ListBucketResult>
            """
        let pieces = Array("<>&;/\"![]".utf8)
        try Fuzz.cases(count: 2000) { fuzz in
            guard let root = XMLElement.parse(fuzz.mutated(Array(answer.utf8), using: pieces)) else { return }
            // An entity that the answer itself declares would be a way to anything.
            try #require(root.name.utf8.count < answer.utf8.count)
            for contents in root.all("Contents") { _ = contents.text("Key") }
        }
        try #require(XMLElement.parse(Array("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".utf8)) == nil)
    }
}
