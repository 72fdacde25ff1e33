import HTTPClient
import Platform
import TestSupport
import Testing

@testable import ObjectStorage

@Suite(.timeLimit(.minutes(1)))
struct RetryTests {
    private func refused(_ status: Int, _ code: String = "X") -> ObjectStorageError {
        .refused(.init(operation: "Op", status: status, code: code, message: "", requestID: nil))
    }

    private func lost(_ error: HTTPClientError) -> ObjectStorageError { .unavailable(operation: "Op", cause: error) }

    @Test func pausesDoubleUpToTheLimitAndTheAttemptsEnd() {
        let policy = RetryPolicy(attempts: 5, firstPause: .milliseconds(100), longestPause: .milliseconds(300))
        let pauses = (1...5).map {
            policy.pause(after: refused(503), attempt: $0, isIdempotent: true, fraction: 1)
        }
        #expect(pauses == [.milliseconds(100), .milliseconds(200), .milliseconds(300), .milliseconds(300), nil])
        let least = policy.pause(after: refused(503), attempt: 1, isIdempotent: true, fraction: 0)
        #expect(least == .milliseconds(50))
    }

    @Test func whatMayHaveBeenDoneIsRepeatedOnlyWhenThatIsHarmless() {
        let policy = RetryPolicy()
        func isRepeated(_ error: ObjectStorageError, _ isIdempotent: Bool) -> Bool {
            policy.pause(after: error, attempt: 1, isIdempotent: isIdempotent, fraction: 0) != nil
        }
        let unclear = [
            refused(500), refused(502), refused(504), refused(400, "RequestTimeout"),
            lost(.connectionLost(host: "h", reason: "")), lost(.timeout(.idle, host: "h", after: .seconds(1))),
        ]
        for error in unclear {
            #expect(isRepeated(error, true))
            #expect(!isRepeated(error, false))
        }
        let notDone = [
            refused(503, "SlowDown"), refused(429), lost(.connectFailed(host: "h", reason: "")), lost(.dns(host: "h")),
            lost(.timeout(.connect, host: "h", after: .seconds(1))),
        ]
        for error in notDone { #expect(isRepeated(error, true) && isRepeated(error, false)) }
        let final = [
            refused(403), refused(404), refused(400), lost(.tls(host: "h", reason: "")), lost(.stopped),
            lost(.timeout(.total, host: "h", after: .seconds(1))),
        ]
        for error in final { #expect(!isRepeated(error, true)) }
    }

    @Test func operationSucceedsAfterTheStorageCameBack() async throws {
        let answers = Lock([
            "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n",
        ])
        let server = try RawServer.answering { request in
            request.body == [1, 2] ? answers.withLock { $0.removeFirst() } : "HTTP/1.1 400 Bad\r\n\r\n"
        }
        defer { server.stop() }
        try await withStorage(server) { storage in
            let etag = try await storage.putObject("k", .bytes([1, 2]))
            #expect(etag == "\"e\"")
        }
    }

    @Test func streamIsSentOnce() async throws {
        let requests = Lock(0)
        let server = try RawServer.answering { _ in
            requests.withLock { $0 += 1 }
            return "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
        }
        defer { server.stop() }
        try await withStorage(server) { storage in
            let pieces = Lock([[UInt8(1)]])
            await #expect(throws: ObjectStorageError.self) {
                try await storage.putObject(
                    "k", .stream(length: 1) { pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() } })
            }
            #expect(requests.withLock { $0 } == 1)
        }
    }

    @Test func refusalCarriesCodeStatusAndRequestID() async throws {
        let server = try RawServer.answering { _ in
            let body = "<Error><Code>NoSuchKey</Code><Message>It is gone</Message><RequestId>r1</RequestId></Error>"
            return "HTTP/1.1 404 Not Found\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { server.stop() }
        try await withStorage(server) { storage in
            let error = await #expect(throws: ObjectStorageError.self) { try await storage.getObject("k") }
            guard case .refused(let refusal) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(refusal.code == "NoSuchKey")
            #expect(refusal.status == 404)
            #expect(refusal.message == "It is gone")
            #expect(refusal.requestID == "r1")
            #expect(error?.isNotFound == true)
        }
    }

    @Test func completionThatFailsWithStatus200IsAnErrorAndTheUploadIsAborted() async throws {
        let seen = Lock<[String]>([])
        let server = try RawServer.answering { request in
            seen.withLock { $0.append(request.lines[0]) }
            var body = ""
            var head = "ETag: \"p\"\r\n"
            if request.lines[0].hasPrefix("POST /bucket/k?uploads=") {
                body = "<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>"
            } else if request.lines[0].hasPrefix("POST") {
                body = "<Error><Code>InternalError</Code></Error>"
            } else if request.lines[0].hasPrefix("DELETE") {
                head = ""
            }
            return "HTTP/1.1 200 OK\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { server.stop() }
        try await withStorage(server) { storage in
            let pieces = Lock(2)
            let error = await #expect(throws: ObjectStorageError.self) {
                try await storage.uploadObject("k", partSize: 5 << 20) {
                    pieces.withLock { left in
                        left -= 1
                        return left < 0 ? nil : [UInt8](repeating: 1, count: 4 << 20)
                    }
                }
            }
            #expect(error?.code == "object_storage.refused.InternalError")
            #expect(
                seen.withLock { $0 } == [
                    "POST /bucket/k?uploads= HTTP/1.1", "PUT /bucket/k?partNumber=1&uploadId=u%261 HTTP/1.1",
                    "PUT /bucket/k?partNumber=2&uploadId=u%261 HTTP/1.1", "POST /bucket/k?uploadId=u%261 HTTP/1.1",
                    "DELETE /bucket/k?uploadId=u%261 HTTP/1.1",
                ])
        }
    }

    @Test func errorOfTheSourceAbortsTheUploadAndReachesTheCaller() async throws {
        struct DiskFailed: Error {}
        let aborted = Signal<Void>()
        let server = try RawServer.answering { request in
            if request.lines[0].hasPrefix("DELETE") { aborted.send(()) }
            let body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
            return "HTTP/1.1 200 OK\r\nETag: \"p\"\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { server.stop() }
        try await withStorage(server) { storage in
            let calls = Lock(0)
            await #expect(throws: DiskFailed.self) {
                try await storage.uploadObject("k", partSize: 5 << 20) {
                    let call = calls.withLock {
                        $0 += 1; return $0
                    }
                    if call == 3 { throw DiskFailed() }
                    return [UInt8](repeating: 1, count: 4 << 20)
                }
            }
            await aborted.wait()
        }
    }

    private func withStorage(_ server: RawServer, _ body: (ObjectStorage) async throws -> Void) async throws {
        let loop = try EventLoop(name: "storage")
        try loop.start()
        let client = HTTPClient(loops: [loop])
        let storage = ObjectStorage(
            configuration: try ObjectStorageConfiguration(
                endpoint: server.url, accessKey: "k", secretKey: "s", bucket: "bucket", region: "us-east-1"),
            client: client, retry: RetryPolicy(attempts: 3, firstPause: .milliseconds(1)))
        let result: Result<Void, any Error>
        do { result = .success(try await body(storage)) } catch { result = .failure(error) }
        await client.stop()
        loop.stop()
        try result.get()
    }
}
