import HTTPClient
import ObjectStorage
import Platform
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ObjectStorageObjectTests {
    static let keys = [
        "plain.txt", "folder/file", "with space", "plus+plus", "percent%20", "100%", "naïve/日本/😀.mp4", "e\u{301}",
        "a&b=c?d#e;f:g@h", "quote'\"<>", "semi;colon", "tilde~!$()*,", "double//slash", "a/./b", "ends/", "..x",
        ".hidden",
    ]

    @Test(arguments: keys)
    func objectComesBackUnderEveryKey(key: String) async throws {
        try await ObjectStorageHarness.run { harness in
            let content = Array("content of \(key)".utf8)
            let etag = try await harness.storage.putObject(key, .bytes(content), contentType: "text/plain")
            let head = try await harness.storage.headObject(key)
            #expect(head.length == content.count)
            #expect(head.etag == etag)
            #expect(head.contentType == "text/plain")
            #expect(head.lastModified != nil)
            let download = try await harness.storage.getObject(key)
            let received = try await download.body.collect(upTo: 1000)
            #expect(received == content)
            let listed = try await harness.storage.listObjects()
            #expect(listed.entries.map(\.key) == [key])
            try await harness.storage.deleteObject(key)
            let error = await #expect(throws: ObjectStorageError.self) { try await harness.storage.headObject(key) }
            #expect(error?.isNotFound == true)
        }
    }

    @Test func rangeGivesItsBytesOnly() async throws {
        try await ObjectStorageHarness.run { harness in
            try await harness.storage.putObject("k", .bytes(Array("0123456789".utf8)))
            let download = try await harness.storage.getObject("k", range: 2..<5)
            #expect(download.metadata.length == 3)
            let received = try await download.body.collect(upTo: 10)
            #expect(received == Array("234".utf8))
            let error = await #expect(throws: ObjectStorageError.self) {
                try await harness.storage.getObject("k", range: 10..<11)
            }
            #expect(error?.code == "object_storage.refused.InvalidRange")
        }
    }

    @Test func streamIsStoredWithItsLength() async throws {
        try await ObjectStorageHarness.run { harness in
            let left = Lock(100)
            try await harness.storage.putObject(
                "stream",
                .stream(length: 100 * 50_000) {
                    left.withLock { left in
                        guard left > 0 else { return nil }
                        left -= 1
                        return [UInt8](repeating: UInt8(left), count: 50_000)
                    }
                })
            let head = try await harness.storage.headObject("stream")
            #expect(head.length == 5_000_000)
        }
    }

    @Test func emptyObjectIsStored() async throws {
        try await ObjectStorageHarness.run { harness in
            try await harness.storage.putObject("empty", .bytes([]))
            let head = try await harness.storage.headObject("empty")
            #expect(head.length == 0)
        }
    }

    @Test func deletingWhatIsNotThereSucceeds() async throws {
        try await ObjectStorageHarness.run { harness in
            try await harness.storage.deleteObject("never")
        }
    }

    @Test func listingGoesThroughAllPagesInOrder() async throws {
        try await ObjectStorageHarness.run { harness in
            // LocalStack fails to continue behind a key that is not ASCII.
            let keys = (0..<23).map { "page/\($0 < 10 ? "0" : "")\($0) +%&" }
            for key in keys + ["other/a", "other/b"] { try await harness.storage.putObject(key, .bytes([1])) }
            var found: [String] = []
            var continuation: String?
            var pages = 0
            repeat {
                let page = try await harness.storage.listObjects(
                    prefix: "page/", continuation: continuation, limit: 10)
                found += page.entries.map(\.key)
                continuation = page.continuation
                pages += 1
            } while continuation != nil
            #expect(found == keys)
            #expect(pages == 3)
            let top = try await harness.storage.listObjects(delimiter: "/")
            #expect(top.commonPrefixes == ["other/", "page/"])
        }
    }

    @Test func missingObjectNamesTheReason() async throws {
        try await ObjectStorageHarness.run { harness in
            let error = await #expect(throws: ObjectStorageError.self) { try await harness.storage.getObject("none") }
            #expect(error?.code == "object_storage.refused.NoSuchKey")
            #expect(error?.isNotFound == true)
        }
    }
}
