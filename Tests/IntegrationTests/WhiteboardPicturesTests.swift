import Conference
import ConferenceStores
import FoundationEssentials
import Testing

/// Pictures of boards in a real bucket.
@Suite struct WhiteboardPicturesTests {
    @Test func areStoredReadByAddressAndDeleted() async throws {
        try await ObjectStorageHarness.run { harness in
            let pictures = StoredPictures(harness.storage)
            let bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]
            try await pictures.put(bytes, at: "whiteboards/a/b", contentType: "image/png")
            #expect(try await pictures.bytes(at: "whiteboards/a/b", limit: 100) == bytes)

            let address = try pictures.address(of: "whiteboards/a/b", contentType: "image/png", for: .seconds(60))
            let answer = try await harness.request("GET", address)
            #expect(answer.status == 200 && answer.body == bytes)

            try await pictures.delete("whiteboards/a/b")
            try await pictures.delete("whiteboards/a/b")
            #expect(try await pictures.bytes(at: "whiteboards/a/b", limit: 100) == nil)
        }
    }

    @Test func onlyOldOnesBelowThePrefixAreListed() async throws {
        try await ObjectStorageHarness.run { harness in
            let pictures = StoredPictures(harness.storage)
            try await pictures.put([1], at: "whiteboards/a/b", contentType: "image/png")
            try await pictures.put([1], at: "recordings/a", contentType: "video/mp4")
            let found = Found()
            try await pictures.keys(below: "whiteboards/", before: Date().addingTimeInterval(3600)) {
                await found.add($0)
            }
            #expect(await found.keys == ["whiteboards/a/b"])
            let none = Found()
            try await pictures.keys(below: "whiteboards/", before: Date().addingTimeInterval(-3600)) {
                await none.add($0)
            }
            #expect(await none.keys == [])
        }
    }

    private actor Found {
        var keys: [String] = []
        func add(_ more: [String]) { keys += more }
    }
}
