import TestSupport
import Testing

@testable import HTTPServer

/// Random heads, addresses and escapes; see `Fuzz`.
@Suite struct FuzzTests {
    private static let pieces = [
        "a", "Z", "0", "%", "+", "&", "=", "/", ";", " ", "é", "日本", "😀", "\u{1}", "\u{7f}", "~",
    ]

    @Test func anEncodedTextIsDecodedToItself() throws {
        try Fuzz.cases { fuzz in
            let text = fuzz.text(of: Self.pieces, upTo: 12)
            let encoded = Self.encode(text, &fuzz)
            try #require(try PercentEncoding.decode(encoded) == text, "\(encoded)")
        }
    }

    /// Everything that has to be, and now and then what needn't.
    private static func encode(_ text: String, _ fuzz: inout Fuzz) -> [UInt8] {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            let digits = Array((fuzz.chance(0.5) ? "0123456789abcdef" : "0123456789ABCDEF").utf8)
            let isPlain = byte > 0x20 && byte < 0x7f && !"%+&=".utf8.contains(byte)
            encoded += isPlain && fuzz.chance(0.7) ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return encoded
    }

    @Test func whatIsDecodedIsUTF8WithoutNULAndOfWholeEscapes() throws {
        try Fuzz.cases { fuzz in
            let encoded = fuzz.mutated(
                Self.encode(fuzz.text(of: Self.pieces, upTo: 8), &fuzz), using: Array("%0aF+".utf8))
            guard let text = try? PercentEncoding.decode(encoded) else { return }
            try #require(!text.utf8.contains(0))
            let escapes = encoded.count { $0 == 0x25 }
            try #require(text.utf8.count == encoded.count - 2 * escapes, "\(encoded)")
        }
    }

    @Test func queriesAreReadAsTheyWereWritten() throws {
        try Fuzz.cases { fuzz in
            let pairs = (0..<fuzz.number(0...5)).map { _ in
                (fuzz.text(of: Self.pieces, upTo: 3), fuzz.text(of: Self.pieces, upTo: 4))
            }
            let written = pairs.map { Self.encode($0.0, &fuzz) + [UInt8(ascii: "=")] + Self.encode($0.1, &fuzz) }
            let query = String(decoding: Array(written.joined(separator: [UInt8(ascii: "&")])), as: UTF8.self)
            let read = try QueryParameters(encoded: query)
            try #require(read.names == pairs.map(\.0), "\(query)")
            for (name, _) in pairs {
                try #require(read.values(name) == pairs.filter { $0.0 == name }.map(\.1), "\(query)")
            }
        }
    }

    /// Whatever stands before the address that a trusted proxy saw may be invented, and doesn't count.
    @Test func aClientCanNotChooseItsAddress() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.0/8", "fd00::/8", "unix"]))
        let own = ["10.1.2.3", "10.255.0.1", "fd00::1", "::ffff:10.9.9.9"]
        let others = ["192.0.2.7", "2001:db8::1", "198.51.100.200", "::ffff:203.0.113.9"]
        let noise =
            own + others + ["", " ", ",", "unknown", "10.0.0", "1.2.3.4.5", "[::1]", "a:b", "0x7f.1", "\"", "é", "%00"]
        try Fuzz.cases { fuzz in
            let client = fuzz.pick(others)
            let behind = (0..<fuzz.number(0...2)).map { _ in fuzz.pick(own) }
            let invented = (0..<fuzz.number(0...4)).map { _ in fuzz.pick(noise) }
            let hops = invented + [client] + behind
            let cut = fuzz.number(0...hops.count)
            let values = [hops[..<cut], hops[cut...]].filter { !$0.isEmpty }.map { part in
                part.joined(separator: fuzz.pick([",", ", ", " , "]))
            }
            let found = proxies.clientAddress(peer: IPAddress(fuzz.pick(own)), forwardedFor: values)
            try #require(found == IPAddress(client)?.description, "\(values)")
            // And nobody but a trusted proxy says anything.
            let stranger = IPAddress("203.0.113.77")
            try #require(proxies.clientAddress(peer: stranger, forwardedFor: values) == "203.0.113.77")
        }
    }

    @Test func addressesAreWrittenAsTheyAreRead() throws {
        try Fuzz.cases { fuzz in
            let text = String(decoding: fuzz.bytes(of: Array("0123456789abcdef:.".utf8), upTo: 12), as: UTF8.self)
            guard let address = IPAddress(text) else { return }
            try #require(IPAddress(address.description) == address, "\(text)")
        }
    }

    /// What is taken has one length at most, one host at most and a target without anything that splits a line.
    @Test func aHeadThatIsTakenHasOneMeaning() throws {
        let names = [
            "Host", "host", "Content-Length", "content-length", "Transfer-Encoding", "Expect", "Cookie", "X", "X Y", "",
        ]
        let values = [
            "a", "a:1", "", "5", "05", "+5", "-1", " 5", "5, 5", "0x5", "chunked", "Chunked", "gzip, chunked",
            "identity",
            "100-continue", "a\u{0}b", "a\rb", "a\nb", "a\tb", "99999999999999999999",
        ]
        let targets = [
            "/", "/a?b", "*", "http://h/x", "http://h", "HTTPS://h?x", "a", "", "//", "/a b", "/#", "/%00", "/é",
            "http:/x",
        ]
        try Fuzz.cases(count: 5000) { fuzz in
            var headers = HTTPHeaders()
            for _ in 0..<fuzz.number(0...4) { headers.add(fuzz.pick(names), fuzz.pick(values)) }
            let head = RequestHead(
                method: fuzz.pick(["GET", "POST", "OPTIONS", "", "G T", "BREW"]), target: fuzz.pick(targets),
                version: fuzz.pick(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", ""]), headers: headers)
            guard let framing = try? head.judge() else { return }
            let (lengths, codings) = (headers.values("Content-Length"), headers.values("Transfer-Encoding"))
            try #require(lengths.count + codings.count <= 1 && headers.values("Host").count <= 1, "\(head)")
            switch framing.body {
            case .none:
                try #require(codings.isEmpty && (lengths.first.map { $0.allSatisfy { $0 == "0" } } ?? true), "\(head)")
            case .length(let length): try #require(lengths.first.flatMap { Int($0) } == length && length > 0, "\(head)")
            case .chunked:
                try #require(codings.first?.lowercased() == "chunked" && head.version == "HTTP/1.1", "\(head)")
            }
            try #require(framing.path == "*" || framing.path.hasPrefix("/"), "\(head)")
            try #require(!(framing.path + framing.query).utf8.contains { $0 <= 0x20 || $0 >= 0x7f }, "\(head)")
            for (_, value) in headers { try #require(!value.utf8.contains { $0 < 0x20 && $0 != 0x09 }, "\(head)") }
        }
    }
}
