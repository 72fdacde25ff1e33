import Testing

@testable import HTTPServer

/// One conversation: what is sent, and what must come back before the server closes.
struct RawCase: Sendable {
    let name: String
    let sent: String
    /// The status codes of all answers, in order. Empty: the connection is closed without an answer.
    let statuses: [Int]
    /// What another series of libmicrohttpd does, which is as good: refuse in another way.
    let alternatives: [[Int]]
    /// A text that must be in what came back.
    let contains: String?

    init(
        _ name: String, _ sent: String, _ statuses: Int..., or alternatives: [[Int]] = [],
        contains: String? = nil
    ) {
        self.name = name
        self.sent = sent
        self.statuses = statuses
        self.alternatives = alternatives
        self.contains = contains
    }

    func allows(_ answers: [Int]) -> Bool { answers == statuses || alternatives.contains(answers) }
}

private let host = "Host: localhost\r\n"
private let close = "Connection: close\r\n"
private let end = host + close + "\r\n"
private let long = String(repeating: "a", count: 40_000)

/// Requests in one piece on a connection of their own; the server's end of it is read to the close.
let rawCases: [RawCase] = [
    // Good ones.
    RawCase("plain GET", "GET /hello HTTP/1.1\r\n" + end, 200, contains: "hello"),
    RawCase("fixed answer", "GET /fixed HTTP/1.1\r\n" + end, 200, contains: "fixed"),
    RawCase("HTTP/1.0 closes by itself", "GET /hello HTTP/1.0\r\n\r\n", 200, contains: "hello"),
    RawCase("absolute form", "GET http://localhost/hello HTTP/1.1\r\n" + end, 200, contains: "hello"),
    RawCase("absolute form without path", "GET http://localhost HTTP/1.1\r\n" + end, 404),
    RawCase(
        "absolute form with query", "GET http://localhost/query?q=x HTTP/1.1\r\n" + end, 200,
        contains: "\r\n\r\nx"),
    RawCase(
        "upper-case field names", "GET /hello HTTP/1.1\r\nHOST: localhost\r\nCONNECTION: close\r\n\r\n",
        200),
    RawCase(
        "field value without space",
        "GET /hello HTTP/1.1\r\nHost:localhost\r\nConnection:close\r\n\r\n", 200),
    RawCase(
        "field value with tabs", "GET /hello HTTP/1.1\r\nHost:\tlocalhost\t\r\n" + close + "\r\n", 200),
    RawCase(
        "host with port", "GET /hello HTTP/1.1\r\nHost: localhost:3001\r\n" + close + "\r\n", 200),
    RawCase("IPv6 host", "GET /hello HTTP/1.1\r\nHost: [::1]:3001\r\n" + close + "\r\n", 200),
    RawCase("empty lines before the request", "\r\nGET /hello HTTP/1.1\r\n" + end, 200),
    RawCase("decoded parameter", "GET /items/a%20b%C3%A9 HTTP/1.1\r\n" + end, 200, contains: "a bé"),
    RawCase(
        "encoded slash stays in its segment", "GET /items/a%2Fb HTTP/1.1\r\n" + end, 200,
        contains: "a/b"),
    RawCase("decoded query", "GET /query?q=a+b%26c HTTP/1.1\r\n" + end, 200, contains: "a b&c"),
    RawCase("query without value", "GET /query?q HTTP/1.1\r\n" + end, 200),
    RawCase("empty query", "GET /query? HTTP/1.1\r\n" + end, 200, contains: "none"),
    RawCase("HEAD", "HEAD /hello HTTP/1.1\r\n" + end, 200, contains: "Content-Length: 5"),
    RawCase(
        "OPTIONS of a path", "OPTIONS /hello HTTP/1.1\r\n" + end, 204,
        contains: "Allow: GET, HEAD, OPTIONS"),
    RawCase(
        "body by length", "POST /echo HTTP/1.1\r\n" + host + close + "Content-Length: 3\r\n\r\nabc",
        200, contains: "abc"),
    RawCase(
        "empty body", "POST /echo HTTP/1.1\r\n" + host + close + "Content-Length: 0\r\n\r\n", 200),
    RawCase("no body", "POST /echo HTTP/1.1\r\n" + end, 200),
    RawCase(
        "chunked body",
        "POST /echo HTTP/1.1\r\n" + host + close
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        200, contains: "abcde"),
    RawCase(
        "chunk size in upper case, with extension",
        "POST /echo HTTP/1.1\r\n" + host + close
            + "Transfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
        200, contains: "0123456789"),
    RawCase(
        "chunked body with trailer",
        "POST /echo HTTP/1.1\r\n" + host + close
            + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n",
        200, contains: "a"),
    RawCase(
        "transfer coding in other case",
        "POST /echo HTTP/1.1\r\n" + host + close
            + "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 200),
    RawCase(
        "body of exactly the limit",
        "POST /echo HTTP/1.1\r\n" + host + close + "Content-Length: 1000\r\n\r\n"
            + String(repeating: "x", count: 1000), 200),
    RawCase(
        "answered before the body was read",
        "POST /early HTTP/1.1\r\n" + host + close
            + "Content-Length: 3\r\n\r\nabc", 403, contains: "early"),
    RawCase(
        "answered, and the body goes on beyond its limit without an end",
        "POST /early HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n10c8e0\r\n"
            + String(repeating: "x", count: 1_100_000) + "\r\n", 403, contains: "early"),
    // Pipelined ones.
    RawCase(
        "two in one piece", "GET /hello HTTP/1.1\r\n" + host + "\r\nGET /fixed HTTP/1.1\r\n" + end, 200,
        200),
    RawCase(
        "a body, then another request",
        "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabcGET /hello HTTP/1.1\r\n"
            + end, 200, 200, contains: "hello"),
    RawCase(
        "a chunked body, then another request",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /hello HTTP/1.1\r\n" + end, 200,
        200),
    RawCase(
        "an error does not end the connection",
        "GET /nothing HTTP/1.1\r\n" + host + "\r\nGET /hello HTTP/1.1\r\n" + end,
        404, 200),
    RawCase(
        "nothing after Connection: close",
        "GET /hello HTTP/1.1\r\n" + host + close + "\r\nGET /hello HTTP/1.1\r\n" + end,
        200),
    RawCase(
        "a bad one ends the connection",
        "GET /hello HTTP/1.1\r\n" + host + "\r\nGET /hello HTTP/1.1\r\n" + host + host
            + "\r\nGET /hello HTTP/1.1\r\n" + end, 200, 400),
    // Routing.
    RawCase("unknown path", "GET /nothing HTTP/1.1\r\n" + end, 404),
    RawCase("trailing slash is another path", "GET /hello/ HTTP/1.1\r\n" + end, 404),
    RawCase("empty parameter", "GET /items/ HTTP/1.1\r\n" + end, 404),
    RawCase(
        "wrong method", "DELETE /hello HTTP/1.1\r\n" + end, 405, contains: "Allow: GET, HEAD, OPTIONS"),
    RawCase("unknown method", "BREW /hello HTTP/1.1\r\n" + end, 405),
    RawCase("method in lower case", "get /hello HTTP/1.1\r\n" + end, 405),
    RawCase("OPTIONS of the server", "OPTIONS * HTTP/1.1\r\n" + end, 404),
    RawCase("not modified", "GET /tagged HTTP/1.1\r\nIf-None-Match: W/\"v1\"\r\n" + end, 304),
    RawCase(
        "not modified, of a list", "GET /tagged HTTP/1.1\r\nIf-None-Match: \"v0\", \"v1\"\r\n" + end,
        304),
    RawCase("modified", "GET /tagged HTTP/1.1\r\nIf-None-Match: \"v0\"\r\n" + end, 200),
    RawCase("handler fails", "GET /broken HTTP/1.1\r\n" + end, 500),
    RawCase("handler injects a field", "GET /injected HTTP/1.1\r\n" + end, 500),
    // Broken first lines.
    RawCase("garbage", "\u{16}\u{3}\u{1} nonsense\r\n\r\n", 400, or: [[]]),
    RawCase("no version", "GET /hello\r\n\r\n", 400),
    RawCase("HTTP/0.9 with fields", "GET /hello HTTP/0.9\r\n" + end, 505),
    RawCase("HTTP/2 over HTTP/1 syntax", "GET /hello HTTP/2.0\r\n" + end, 505),
    RawCase("HTTP/1.2", "GET /hello HTTP/1.2\r\n" + end, 505),
    RawCase("version in lower case", "GET /hello http/1.1\r\n" + end, 400),
    RawCase("space in the path", "GET /hel lo HTTP/1.1\r\n" + end, 400, or: [[]]),
    RawCase("two spaces before the path", "GET  /hello HTTP/1.1\r\n" + end, 400, or: [[200]]),
    RawCase("tab instead of a space", "GET\t/hello\tHTTP/1.1\r\n" + end, 400, or: [[]]),
    RawCase("control character in the path", "GET /hel\u{1}lo HTTP/1.1\r\n" + end, 400),
    RawCase("raw UTF-8 in the path", "GET /items/é HTTP/1.1\r\n" + end, 400),
    RawCase("fragment in the path", "GET /hello#x HTTP/1.1\r\n" + end, 400),
    RawCase("no leading slash", "GET hello HTTP/1.1\r\n" + end, 400),
    RawCase("other scheme", "GET ftp://localhost/hello HTTP/1.1\r\n" + end, 400),
    RawCase("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\n" + end, 400),
    RawCase("asterisk with GET", "GET * HTTP/1.1\r\n" + end, 400),
    RawCase("method with a bad character", "GE(T /hello HTTP/1.1\r\n" + end, 400),
    RawCase("broken escape in a parameter", "GET /items/%zz HTTP/1.1\r\n" + end, 400),
    RawCase("cut escape in a parameter", "GET /items/%2 HTTP/1.1\r\n" + end, 400),
    RawCase("NUL by escape in a parameter", "GET /items/%00 HTTP/1.1\r\n" + end, 400),
    RawCase("parameter that is not UTF-8", "GET /items/%ff HTTP/1.1\r\n" + end, 400),
    RawCase("NUL by escape in the query", "GET /query?q=%00 HTTP/1.1\r\n" + end, 400),
    RawCase("broken escape in the query", "GET /query?q=% HTTP/1.1\r\n" + end, 400),
    RawCase("NUL in the first line", "GET /hello\u{0} HTTP/1.1\r\n" + end, 400),
    RawCase("very long target", "GET /\(long) HTTP/1.1\r\n" + end, 414, or: [[], [431]]),
    // Broken fields.
    RawCase("no Host", "GET /hello HTTP/1.1\r\n" + close + "\r\n", 400, or: [[400, 400]]),
    RawCase("two Hosts", "GET /hello HTTP/1.1\r\n" + host + end, 400),
    RawCase("two different Hosts", "GET /hello HTTP/1.1\r\nHost: evil\r\n" + end, 400),
    RawCase("Host with a path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n" + close + "\r\n", 400),
    RawCase("Host with a space", "GET /hello HTTP/1.1\r\nHost: a b\r\n" + close + "\r\n", 400),
    RawCase(
        "Host with user information", "GET /hello HTTP/1.1\r\nHost: a@b\r\n" + close + "\r\n", 400),
    RawCase("space before the colon", "GET /hello HTTP/1.1\r\nX-A : 1\r\n" + end, 400),
    RawCase("tab before the colon", "GET /hello HTTP/1.1\r\nX-A\t: 1\r\n" + end, 400),
    RawCase("no colon", "GET /hello HTTP/1.1\r\nX-A\r\n" + end, 400),
    RawCase("empty field name", "GET /hello HTTP/1.1\r\n: 1\r\n" + end, 400),
    RawCase("bad character in a field name", "GET /hello HTTP/1.1\r\nX{A: 1\r\n" + end, 400),
    RawCase("control character in a field name", "GET /hello HTTP/1.1\r\nX\u{1}A: 1\r\n" + end, 400),
    RawCase("NUL in a field value", "GET /hello HTTP/1.1\r\nX-A: 1\u{0}2\r\n" + end, 400),
    RawCase("NUL in the method", "GE\u{0}T /hello HTTP/1.1\r\n" + end, 400),
    RawCase("NUL ends the method", "GET\u{0} /hello HTTP/1.1\r\n" + end, 400),
    RawCase("NUL ends a field value", "GET /hello HTTP/1.1\r\nX-A: 1\u{0}\r\n" + end, 400),
    RawCase("NUL ends the last field", "GET /hello HTTP/1.1\r\n" + host + "Connection: close\u{0}\r\n\r\n", 400),
    RawCase("NUL behind the version", "GET /hello HTTP/1.1\u{0}x\r\n" + end, 400),
    RawCase("NUL begins a line", "GET /hello HTTP/1.1\r\n" + host + close + "\u{0}X-A: 1\r\n\r\n", 400),
    RawCase("a line of NUL", "GET /hello HTTP/1.1\r\n" + host + close + "\u{0}\r\n\r\n", 400),
    RawCase("NUL begins the first field", "GET /hello HTTP/1.0\r\n\u{0}X-A: 1\r\n\r\n", 400),
    RawCase("NUL ends a field's name", "GET /hello HTTP/1.1\r\n" + host + close + "X-A\u{0}: 1\r\n\r\n", 400),
    RawCase("bare CR in a field value", "GET /hello HTTP/1.1\r\nX-A: 1\rX-B: 2\r\n" + end, 400),
    RawCase(
        "escape character in a field value", "GET /hello HTTP/1.1\r\nX-A: \u{1b}[31m\r\n" + end, 400),
    RawCase("folded field", "GET /hello HTTP/1.1\r\nX-A: 1\r\n 2\r\n" + end, 400, or: [[200]]),
    RawCase("first field begins with a space", "GET /hello HTTP/1.1\r\n X-A: 1\r\n" + end, 400),
    RawCase("very long field", "GET /hello HTTP/1.1\r\nX-A: \(long)\r\n" + end, 431),
    RawCase(
        "very many fields",
        "GET /hello HTTP/1.1\r\n" + String(repeating: "X-A: 1\r\n", count: 5000) + end, 431),
    RawCase(
        "unknown expectation",
        "POST /echo HTTP/1.1\r\n" + host + "Expect: magic\r\nContent-Length: 1\r\n\r\na", 417),
    // Conflicting lengths.
    RawCase(
        "two equal lengths",
        "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
    RawCase(
        "two different lengths",
        "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc", 400),
    RawCase(
        "list of lengths", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 3, 3\r\n\r\nabc", 400,
        or: [[400, 400]]),
    RawCase(
        "negative length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400,
        or: [[400, 400]]),
    RawCase(
        "length with a plus sign", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: +3\r\n\r\nabc",
        400, or: [[400, 400]]),
    RawCase(
        "hexadecimal length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 0x3\r\n\r\nabc", 400,
        or: [[400, 400]]),
    RawCase(
        "empty length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: \r\n\r\nabc", 400,
        or: [[400, 400]]),
    RawCase(
        "huge length",
        "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 413,
        or: [[413, 413]]),
    RawCase(
        "length over the limit", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n", 413),
    RawCase(
        "length with chunked",
        "POST /echo HTTP/1.1\r\n" + host
            + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    RawCase(
        "chunked twice",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    RawCase(
        "unknown transfer coding",
        "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    RawCase(
        "list of transfer codings",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    RawCase(
        "identity transfer coding",
        "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n", 400),
    RawCase(
        "chunked with HTTP/1.0",
        "POST /echo HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    RawCase(
        "GET with a chunked body over the limit",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + String(repeating: "x", count: 2000)
            + "\r\n0\r\n\r\n", 413),
    // Broken chunks.
    RawCase(
        "chunk size is no number",
        "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", 400),
    RawCase(
        "negative chunk size",
        "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n", 400),
    RawCase(
        "chunk size with prefix",
        "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n", 400),
    RawCase(
        "chunk longer than its size",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", 400),
    RawCase(
        "chunk size overflows",
        "POST /echo HTTP/1.1\r\n" + host
            + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n", 413),
]

@Suite("Requests as bytes")
struct RawRequestTests {
    @Test("A hundred requests have the answers they must get")
    func answers() async throws {
        try await TestServer.with { server in
            for raw in rawCases {
                let client = RawClient(port: server.port)
                client.send(raw.sent)
                let received = client.readToEnd()
                let statuses = statusCodes(in: received)
                #expect(
                    raw.allows(statuses),
                    "\(raw.name): \(statuses) instead of \(raw.statuses): \(received.prefix(300))")
                if let text = raw.contains {
                    #expect(received.range(of: text) != nil, "\(raw.name): \(received.prefix(300))")
                }
            }
        }
    }

    @Test("The same requests have the same answers when they come byte by byte")
    func answersToBytes() async throws {
        try await TestServer.with { server in
            for raw in rawCases where raw.sent.utf8.count < 400 {
                let client = RawClient(port: server.port)
                for byte in raw.sent.utf8 { client.send([byte]) }
                let statuses = statusCodes(in: client.readToEnd())
                #expect(raw.allows(statuses), "\(raw.name): \(statuses) instead of \(raw.statuses)")
            }
        }
    }

    @Test("After a hundred requests the server holds no connection")
    func nothingLeft() async throws {
        try await TestServer.with { server in
            for raw in rawCases { RawClient(port: server.port).send(raw.sent) }
            while server.server.openConnections > 0 { await Task.yield() }
            #expect(server.server.openConnections == 0)
        }
    }
}

/// The codes of all status lines in what a server sent.
func statusCodes(in text: String) -> [Int] {
    text.split(separator: "HTTP/1.").dropFirst(text.hasPrefix("HTTP/1.") ? 0 : 1).compactMap { part in
        guard part.hasPrefix("1 ") || part.hasPrefix("0 ") else { return nil }
        return Int(part.dropFirst(2).prefix(3))
    }
}
