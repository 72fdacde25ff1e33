import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestValidationTests {
    static let refused: [HTTPClientRequest] = [
        HTTPClientRequest(url: "http://127.0.0.1/\r\nX-Evil: 1"),
        HTTPClientRequest(url: "http://127.0.0.1/a b"),
        HTTPClientRequest(url: "http://127.0.0.1/ü"),
        HTTPClientRequest(url: "http://127.0.0.1/a\0b"),
        HTTPClientRequest(url: "http://user:pass@127.0.0.1/"),
        HTTPClientRequest(url: "ftp://127.0.0.1/"),
        HTTPClientRequest(url: "file:///etc/passwd"),
        HTTPClientRequest(url: "127.0.0.1/"),
        HTTPClientRequest(url: "http:///path"),
        HTTPClientRequest(url: "http://127.0.0.1:99999/"),
        HTTPClientRequest(method: "GET / HTTP/1.1\r\nX:", url: "http://127.0.0.1/"),
        HTTPClientRequest(method: "", url: "http://127.0.0.1/"),
        HTTPClientRequest(method: "get", url: "http://127.0.0.1/"),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["X-A": "1\r\nX-Evil: 1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["X-A": "1\nX-Evil: 1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["X-A": "nul\0"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["X-A\r\nX-Evil": "1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["X A": "1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["": "1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["Content-Length": "1"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["transfer-encoding": "chunked"]),
        HTTPClientRequest(url: "http://127.0.0.1/", headers: ["Host": "elsewhere"]),
        HTTPClientRequest(method: "HEAD", url: "http://127.0.0.1/", body: .bytes([1])),
        HTTPClientRequest(method: "PUT", url: "http://127.0.0.1/", body: .stream(length: -1) { nil }),
    ]

    @Test(arguments: refused.indices)
    func unsafeRequestIsRefusedBeforeAnythingIsSent(index: Int) async throws {
        try await withClient { client in
            let request = Self.refused[index]
            let error = await #expect(throws: HTTPClientError.self) { try await client.execute(request) }
            guard case .invalidRequest = error else { return record(error) }
            #expect(!String(describing: error).contains("pass@"))
        }
    }
}
