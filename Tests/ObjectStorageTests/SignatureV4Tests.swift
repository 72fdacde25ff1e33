import FoundationEssentials
import Testing

@testable import ObjectStorage

/// The expected signatures are those of AWS's published Signature Version 4 test suite (here as kept in
/// awslabs/aws-c-auth, `tests/aws-signing-test-suite/v4`) and of the examples in the Amazon S3 API Reference.
struct SignatureV4Tests {
    struct Vector: Sendable {
        let name: String
        var method = "GET"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        let header: String
        let presigned: String
    }

    private static let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    static let suite: [Vector] = [
        Vector(
            name: "get-vanilla", header: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            presigned: "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"),
        Vector(
            name: "get-vanilla-query-order-encoded",
            query: [("Param-3", "Value3"), ("Param", "Value2"), ("\u{1234}", "Value1")],
            header: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
            presigned: "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"),
        Vector(
            name: "get-vanilla-query-unreserved", query: [(unreserved, unreserved)],
            header: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
            presigned: "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"),
        Vector(
            name: "get-vanilla-empty-query-key", query: [("Param1", "value1")],
            header: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
            presigned: "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de"),
        Vector(
            name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            header: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            presigned: "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"),
        Vector(
            name: "get-header-key-duplicate",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            header: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            presigned: "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"),
        Vector(
            name: "get-header-value-order",
            headers: [
                ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2"),
            ], header: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
            presigned: "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"),
        Vector(
            name: "get-space-unnormalized", path: "/example space/",
            header: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
            presigned: "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"),
        Vector(
            name: "get-slash-unnormalized", path: "//",
            header: "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e",
            presigned: "b2a9542809db687769200f56a844a03f2bd0291d6eb90232d5101c6a579446cd"),
        Vector(
            name: "get-slashes-unnormalized", path: "//example//",
            header: "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5",
            presigned: "822a5a9ba28072c5ab2bb4a6307d0c88276d40e49fec6b724c03fb4d4ba60fc2"),
        Vector(
            name: "get-relative-unnormalized", path: "/example/..",
            header: "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282",
            presigned: "cbcb213b928a077e43275df47b500f1dfaa864ab3f5a18f6b95f4ff0938167ee"),
        Vector(
            name: "get-unreserved", path: "/" + unreserved,
            header: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            presigned: "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"),
        Vector(
            name: "post-vanilla", method: "POST",
            header: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            presigned: "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"),
        Vector(
            name: "post-header-key-sort", method: "POST", headers: [("My-Header1", "value1")],
            header: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            presigned: "c09d07e0d55871f10f2a6d350d994acf6825a3cae70673d7def55616e6119dd7"),
    ]

    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test(arguments: suite.indices)
    func publishedSuiteIsMet(index: Int) {
        let vector = Self.suite[index]
        let signer = SignatureV4(
            accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1",
            service: "service")
        let time = SignatureTime(timestamp: "20150830T123600Z")
        let path = PercentEncoding.encode(vector.path, keepingSlashes: true)
        let host = [(name: "Host", value: "example.amazonaws.com")]
        let presigned = SignatureV4.Request(
            method: vector.method, path: path, query: vector.query, headers: host + vector.headers)
        var signed = presigned
        signed.headers.append(("X-Amz-Date", time.timestamp))
        let authorization = signer.authorization(for: signed, payloadHash: Self.empty, at: time)
        #expect(authorization.hasSuffix("Signature=\(vector.header)"), "\(vector.name)")
        let query = signer.presignedQuery(for: presigned, expires: .seconds(3600), at: time)
        #expect(query.hasSuffix("&X-Amz-Signature=\(vector.presigned)"), "\(vector.name)")
    }

    static let documentation = SignatureV4(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1")
    static let documentationTime = SignatureTime(timestamp: "20130524T000000Z")
    static let documentationHost = "examplebucket.s3.amazonaws.com"

    @Test func s3ExampleOfARangedGet() {
        let authorization = Self.documentation.authorization(
            for: SignatureV4.Request(
                method: "GET", path: "/test.txt",
                headers: [
                    ("Host", Self.documentationHost), ("Range", "bytes=0-9"), ("x-amz-content-sha256", Self.empty),
                    ("x-amz-date", "20130524T000000Z"),
                ]), payloadHash: Self.empty, at: Self.documentationTime)
        #expect(
            authorization == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func s3ExampleOfAPut() {
        let hash = Digest.hexadecimal(Digest.sha256(Array("Welcome to Amazon S3.".utf8)))
        let authorization = Self.documentation.authorization(
            for: SignatureV4.Request(
                method: "PUT", path: PercentEncoding.encode("/test$file.text", keepingSlashes: true),
                headers: [
                    ("Host", Self.documentationHost), ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-date", "20130524T000000Z"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    ("x-amz-content-sha256", hash),
                ]), payloadHash: hash, at: Self.documentationTime)
        #expect(authorization.hasSuffix("=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test func s3ExampleOfAListing() {
        let authorization = Self.documentation.authorization(
            for: SignatureV4.Request(
                method: "GET", path: "/", query: [("prefix", "J"), ("max-keys", "2")],
                headers: [
                    ("Host", Self.documentationHost), ("x-amz-content-sha256", Self.empty),
                    ("x-amz-date", "20130524T000000Z"),
                ]), payloadHash: Self.empty, at: Self.documentationTime)
        #expect(authorization.hasSuffix("=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func s3ExampleOfAPresignedURL() {
        let query = Self.documentation.presignedQuery(
            for: SignatureV4.Request(method: "GET", path: "/test.txt", headers: [("host", Self.documentationHost)]),
            expires: .seconds(86400), at: Self.documentationTime)
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2F"
                + "s3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    @Test func timeIsWrittenInUTC() {
        #expect(SignatureTime(.init(timeIntervalSince1970: 1_440_938_160.99)).timestamp == "20150830T123600Z")
    }
}
