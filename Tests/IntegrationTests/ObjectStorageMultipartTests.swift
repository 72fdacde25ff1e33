import HTTPClient
import Platform
import Testing

@testable import ObjectStorage

@Suite(.timeLimit(.minutes(2)))
struct ObjectStorageMultipartTests {
    private static let pattern = (0..<777_777).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    /// Gives `total` bytes in pieces of an awkward length, each piece marked with its number.
    private static func source(total: Int) -> @Sendable () async throws -> [UInt8]? {
        let sent = Lock(0)
        return {
            sent.withLock { sent in
                guard sent < total else { return nil }
                var piece = Array(pattern.prefix(total - sent))
                piece[0] = UInt8(sent / pattern.count)
                sent += piece.count
                return piece
            }
        }
    }

    @Test(arguments: [(12_000_000, 3), (10 << 20, 2), (5 << 20, 1), (1000, 1), (0, 1)])
    func objectArrivesWholeWhateverItsLength(total: Int, parts: Int) async throws {
        try await ObjectStorageHarness.run { harness in
            let result = try await harness.storage.uploadObject(
                "large", contentType: "video/mp4", partSize: 5 << 20, next: Self.source(total: total))
            #expect(result.length == total)
            #expect(result.parts == parts)
            let expected = Self.source(total: total)
            var bytes: [UInt8] = []
            while let piece = try await expected() { bytes.append(contentsOf: piece) }
            let download = try await harness.storage.getObject("large")
            #expect(download.metadata.contentType == "video/mp4")
            let received = try await download.body.collect(upTo: 20_000_000)
            #expect(Digest.sha256(received) == Digest.sha256(bytes))
        }
    }

    @Test func cancelledUploadLeavesNothing() async throws {
        try await ObjectStorageHarness.run { harness in
            let (blocked, isBlocked) = AsyncStream.makeStream(of: Void.self)
            let source = Self.source(total: 11_000_000)
            let task = Task {
                try await harness.storage.uploadObject("cancelled", partSize: 5 << 20) {
                    if let piece = try await source() { return piece }
                    isBlocked.yield()
                    try await Task.sleep(for: .seconds(60))
                    return nil
                }
            }
            for await _ in blocked { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let listed = try await harness.storage.listObjects()
            #expect(listed.entries.isEmpty)
            let uploads = try await harness.storage.document(
                Operation(name: "ListMultipartUploads", method: "GET", query: [("uploads", "")]),
                root: "ListMultipartUploadsResult"
            ) { $0.all("Upload").count }
            #expect(uploads == 0)
        }
    }
}
