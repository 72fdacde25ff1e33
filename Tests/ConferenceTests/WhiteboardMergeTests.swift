import FoundationEssentials
import Testing

@testable import Conference

/// Merging as Excalidraw itself does: `Tests/Data/excalidraw/reconcile.json` holds what its `reconcileElements` gave.
@Suite struct WhiteboardMergeTests {
    struct Sample: Decodable {
        struct Element: Decodable, Equatable {
            let id: String
            let version: Int
            let versionNonce: Int
            let index: String
            let isDeleted: Bool
            let x: Double
            let y: Double

            /// Position in the `json`, so that what is equal in version and nonce can be told apart.
            var element: WhiteboardElement {
                WhiteboardElement(
                    id: id, version: version, versionNonce: versionNonce, index: index, isDeleted: isDeleted,
                    json: "{\"x\":\(x),\"y\":\(y)}")
            }
        }

        let local: [Element]
        let remote: [Element]
        let result: [Element]
    }

    static let folder =
        String(#filePath.split(separator: "Tests/ConferenceTests", maxSplits: 1)[0]) + "Tests/Data/excalidraw/"

    static func samples() throws -> [Sample] {
        let data = try Data(contentsOf: URL(filePath: folder + "reconcile.json"))
        return try JSONDecoder().decode([Sample].self, from: data)
    }

    @Test func givesWhatExcalidrawGivesInAllRecordedCases() throws {
        let samples = try Self.samples()
        #expect(samples.count == 330)
        for (number, sample) in samples.enumerated() {
            let merged = sample.local.map(\.element).merged(with: sample.remote.map(\.element))
            #expect(merged == sample.result.map(\.element), "case \(number)")
        }
    }

    @Test func mergingTwiceChangesNothing() throws {
        for sample in try Self.samples() {
            let remote = sample.remote.map(\.element)
            let once = sample.local.map(\.element).merged(with: remote)
            #expect(once.merged(with: remote) == once)
        }
    }

    /// Except for elements equal in version and nonce, which Excalidraw takes for the same.
    @Test func theOrderOfArrivalDoesNotMatter() throws {
        for sample in try Self.samples() {
            let (local, remote) = (sample.local.map(\.element), sample.remote.map(\.element))
            let isAmbiguous = local.contains { one in
                remote.contains { $0.id == one.id && !one.beats($0) && !$0.beats(one) && $0 != one }
            }
            if !isAmbiguous { #expect(local.merged(with: remote) == remote.merged(with: local)) }
        }
    }

    @Test func elementsWithoutIndexComeLast() {
        let elements = [("c", nil), ("b", "a1"), ("a", nil), ("d", "a0")].map {
            WhiteboardElement(id: $0, version: 1, versionNonce: 1, index: $1, isDeleted: false, json: "{}")
        }
        #expect([].merged(with: elements).map(\.id) == ["d", "b", "a", "c"])
    }

    @Test func aRevisedElementKeepsEverythingElseAsItWasWritten() {
        let json = """
            {"id":"a", "version" : 3 ,"boundElements":[{"version":7,"isDeleted":false}],"x":1.50e2,
             "text":"\\"version\\":9,\\u0000","versionNonce":12,"isDeleted":true}
            """
        let element = WhiteboardElement(
            id: "a", version: 3, versionNonce: 12, index: nil, isDeleted: true, json: json
        ).revised(version: 4, nonce: 99, isDeleted: false)
        #expect(
            element.json == """
                {"id":"a", "version" :4,"boundElements":[{"version":7,"isDeleted":false}],"x":1.50e2,
                 "text":"\\"version\\":9,\\u0000","versionNonce":99,"isDeleted":false}
                """)
        #expect(element.version == 4 && element.versionNonce == 99 && !element.isDeleted)
    }

    @Test func restoringBringsBackWhatWasAndDeletesWhatCameLater() {
        func element(_ id: String, _ version: Int, deleted: Bool = false) -> WhiteboardElement {
            WhiteboardElement(
                id: id, version: version, versionNonce: 1, index: "a0", isDeleted: deleted,
                json: "{\"version\":\(version),\"versionNonce\":1,\"isDeleted\":\(deleted)}")
        }
        let saved = [element("kept", 2), element("changed", 2), element("deleted", 2), element("unknown", 2)]
        let current = [
            element("kept", 2), element("changed", 5), element("deleted", 3, deleted: true), element("later", 1),
            element("gone", 1, deleted: true),
        ]
        let restored = WhiteboardRestoration.elements(from: current, to: saved) { 7 }
        #expect(restored.map(\.id) == ["changed", "deleted", "unknown", "later"])
        #expect(restored.map(\.version) == [6, 4, 2, 2])
        #expect(restored.map(\.isDeleted) == [false, false, false, true])
        let result = current.merged(with: restored).filter { !$0.isDeleted }
        #expect(Set(result.map(\.id)) == Set(saved.map(\.id)))
    }

    @Test(arguments: [
        ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], WhiteboardPicture.Format.png),
        ([0xff, 0xd8, 0xff, 0xe0], .jpeg), (Array("GIF89a".utf8), .gif), (Array("RIFF1234WEBPVP8 ".utf8), .webp),
        (Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), nil), (Array("RIFF1234WAVE".utf8), nil), ([], nil),
    ])
    func aPictureIsWhatItsFirstBytesShow(bytes: [UInt8], format: WhiteboardPicture.Format?) {
        #expect(WhiteboardPicture.Format(bytes) == format)
    }
}
