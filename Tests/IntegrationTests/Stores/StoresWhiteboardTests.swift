import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// Boards in a real PostgreSQL.
@Suite struct StoresWhiteboardTests {
    struct Board: Sendable {
        let database: StoreTestDatabase
        let store: PostgresWhiteboardStore
        let id: WhiteboardID
        let meeting: MeetingID

        func merge(_ elements: [WhiteboardElement]) async throws -> WhiteboardMergeResult {
            try await store.merge(elements, into: id, in: meeting, by: nil, at: database.clock.now)
        }

        func scene(since: Int = 0, withDeleted: Bool = true) async throws -> WhiteboardScene {
            try #require(try await store.scene(id, in: meeting, since: since, withDeleted: withDeleted))
        }

        func board() async throws -> Whiteboard { try #require(try await store.board(id, in: meeting)) }
    }

    static func with(poolSize: Int = 4, _ body: (Board) async throws -> Void) async throws {
        try await StoreTestDatabase.with(poolSize: poolSize) { database in
            let meeting = try await database.meeting(of: try await database.account().id)
            let store = PostgresWhiteboardStore(database.postgres)
            let board = Whiteboard(
                id: WhiteboardID(database.ids.next()), meetingID: meeting.id, title: "Board",
                createdAt: database.clock.now)
            try await store.insert(board)
            try await body(Board(database: database, store: store, id: board.id, meeting: meeting.id))
        }
    }

    static func element(
        _ id: String, version: Int = 1, nonce: Int = 1, index: String? = "a0", deleted: Bool = false, more: String = ""
    ) -> WhiteboardElement {
        let place = index.map { "\"\($0)\"" } ?? "null"
        return WhiteboardElement(
            id: id, version: version, versionNonce: nonce, index: index, isDeleted: deleted,
            json: """
                {"id":"\(id)","type":"line","version":\(version),"versionNonce":\(nonce),"index":\(place),\
                "isDeleted":\(deleted)\(more)}
                """)
    }

    /// The statement merges as the domain does, which merges as Excalidraw does.
    @Test func mergesAllRecordedCasesAsExcalidrawDoes() async throws {
        struct Sample: Decodable {
            struct Element: Decodable {
                let id: String
                let version: Int
                let versionNonce: Int
                let index: String
                let isDeleted: Bool
                let x: Double
                let y: Double
            }

            let local: [Element]
            let remote: [Element]
            let result: [Element]
        }
        let folder = StoreTestDatabase.migrations.replacing("migrations", with: "Tests/Data/excalidraw")
        let data = try Data(contentsOf: URL(filePath: folder + "/reconcile.json"))
        let samples = try JSONDecoder().decode([Sample].self, from: data)
        #expect(samples.count == 330)
        try await Self.with { board in
            for (number, sample) in samples.enumerated() {
                // All on one board, under names of their own.
                func elements(_ all: [Sample.Element]) -> [WhiteboardElement] {
                    all.map {
                        Self.element(
                            "\(number)-\($0.id)", version: $0.version, nonce: $0.versionNonce, index: $0.index,
                            deleted: $0.isDeleted, more: ",\"x\":\($0.x),\"y\":\($0.y)")
                    }
                }
                try await board.database.postgres.execute("DELETE FROM whiteboard_elements")
                try await board.database.postgres.execute(
                    "UPDATE whiteboards SET element_count = 0, element_bytes = 0, revision = 0")
                _ = try await board.merge(elements(sample.local))
                let result = try await board.merge(elements(sample.remote))
                let scene = try await board.scene()
                #expect(scene.elements == elements(sample.result), "case \(number)")
                let winners = Set(result.winners)
                #expect(
                    winners.isSubset(of: scene.elements) && winners.count + result.taken.count == sample.remote.count)
                let held = try await board.board()
                #expect(held.elementCount == scene.elements.count)
                #expect(held.elementBytes == scene.elements.reduce(0) { $0 + $1.json.utf8.count })
            }
        }
    }

    @Test func everyElementOf200WritersAtOnceIsThere() async throws {
        try await Self.with(poolSize: 16) { board in
            let (writers, batches) = (200, 3)
            let revisions = try await withThrowingTaskGroup(of: [Int].self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        var revisions: [Int] = []
                        for batch in 1...batches {
                            // Its own, in no order, and some that all of them fight over.
                            let own = (0..<3).map { Self.element("w\(writer)-\(batch)-\($0)", nonce: writer) }
                            let shared = (0..<4).map {
                                Self.element("shared\(($0 + writer) % 4)", version: batch, nonce: writer)
                            }
                            let elements = (writer.isMultiple(of: 2) ? shared + own : own + shared.reversed())
                            revisions.append(try await board.merge(elements).revision)
                        }
                        return revisions
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let scene = try await board.scene()
            let ids = Set(scene.elements.map(\.id))
            for writer in 0..<writers {
                for batch in 1...batches {
                    for number in 0..<3 { #expect(ids.contains("w\(writer)-\(batch)-\(number)")) }
                }
            }
            #expect(ids.count == writers * batches * 3 + 4)
            // Of the last version, the lowest nonce.
            let shared = scene.elements.filter { $0.id.hasPrefix("shared") }
            #expect(shared.allSatisfy { $0.version == batches && $0.versionNonce == 0 })
            #expect(scene.revision == writers * batches)
            #expect(Set(revisions).count == writers * batches, "each batch has a revision of its own")
            #expect(try await board.board().elementCount == ids.count)
        }
    }

    /// Someone who catches up again and again while others draw has seen everything in the end.
    @Test func catchingUpMissesNothingWhileOthersDraw() async throws {
        try await Self.with(poolSize: 8) { board in
            let seen = try await withThrowingTaskGroup(of: Set<String>.self) { group in
                group.addTask {
                    var seen: Set<String> = []
                    var revision = 0
                    while revision < 100 {
                        let scene = try await board.scene(since: revision)
                        seen.formUnion(scene.elements.map(\.id))
                        revision = scene.revision
                    }
                    return seen
                }
                for writer in 0..<100 {
                    group.addTask {
                        _ = try await board.merge([Self.element("e\(writer)")])
                        return []
                    }
                }
                return try await group.reduce(into: Set()) { $0.formUnion($1) }
            }
            #expect(seen.count == 100)
        }
    }

    @Test func textIsKeptAsItWasSent() async throws {
        try await Self.with { board in
            let odd = Self.element(
                "a", more: #", "x" : 1.50, "y":-0, "z":1e21, "big":12345678901234567890.10,"text":"\u0000\ud83d\ude00""#
            )
            _ = try await board.merge([odd, Self.element("b", index: nil)])
            #expect(try await board.scene().elements == [odd, Self.element("b", index: nil)])
            _ = try await board.store.saveSnapshot(
                of: board.id, in: board.meeting, by: nil, at: board.database.clock.now)
            #expect(try await board.store.snapshot(1, of: board.id)?.1 == [odd, Self.element("b", index: nil)])
        }
    }

    @Test func aFullBoardTakesNothingAndLosesNothing() async throws {
        try await Self.with { board in
            let many = (0..<5000).map { Self.element("e\($0)") }
            _ = try await board.merge(many)
            await #expect(throws: ConferenceError.conflict(.whiteboardFull)) {
                try await board.merge([Self.element("e1", version: 2), Self.element("one-more")])
            }
            #expect(try await board.scene().elements.allSatisfy { $0.version == 1 })
            // Changing what is there still works.
            #expect(try await board.merge([Self.element("e1", version: 2)]).revision == 2)
            let bytes = (0..<40).map {
                Self.element("e\($0)", version: 9, more: ",\"t\":\"\(String(repeating: "a", count: 250_000))\"")
            }
            await #expect(throws: ConferenceError.conflict(.whiteboardFull)) { try await board.merge(bytes) }
            #expect(try await board.board().revision == 2)
        }
    }

    @Test func closedAndMissingBoardsAreSaidSo() async throws {
        try await Self.with { board in
            let moment = board.database.clock.now
            let closed = try await board.store.change(board.id, in: board.meeting, .init(closed: true), at: moment)
            #expect(closed?.closedAt != nil && closed?.title == "Board")
            await #expect(throws: ConferenceError.conflict(.whiteboardClosed)) {
                try await board.merge([Self.element("a")])
            }
            let open = try await board.store.change(
                board.id, in: board.meeting, .init(title: "T", closed: false), at: moment)
            #expect(open?.closedAt == nil && open?.title == "T")
            #expect(try await board.merge([Self.element("a")]).revision == 1)
            let other = try await board.database.meeting(of: try await board.database.account("o@example.com").id)
            await #expect(throws: ConferenceError.notFound(.whiteboard)) {
                try await board.store.merge([Self.element("b")], into: board.id, in: other.id, by: nil, at: moment)
            }
            await #expect(throws: ConferenceError.notFound(.whiteboard)) {
                try await board.store.saveSnapshot(of: board.id, in: other.id, by: nil, at: moment)
            }
            #expect(try await board.scene().elements.map(\.id) == ["a"])
            #expect(try await board.board().revision == 1)
            #expect(try await board.store.snapshots(of: board.id).isEmpty)
            #expect(try await board.store.scene(board.id, in: other.id, since: 0, withDeleted: true) == nil)
            #expect(try await board.store.delete(board.id, in: board.meeting))
            await #expect(throws: ConferenceError.notFound(.whiteboard)) {
                try await board.merge([Self.element("a")])
            }
        }
    }

    @Test func aMeetingHasSeveralBoardsUpToItsLimit() async throws {
        try await Self.with { board in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<(Limits.whiteboards + 5) {
                    group.addTask {
                        let another = Whiteboard(
                            id: WhiteboardID(board.database.ids.next()), meetingID: board.meeting, title: "Another",
                            createdAt: board.database.clock.now)
                        do {
                            try await board.store.insert(another)
                            return true
                        } catch ConferenceError.conflict(.tooManyWhiteboards) {
                            return false
                        }
                    }
                }
                let added = try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                #expect(added == Limits.whiteboards - 1)
            }
            #expect(try await board.store.boards(of: board.meeting).count == Limits.whiteboards)
        }
    }

    @Test func snapshotsAreNumberedAndBounded() async throws {
        try await Self.with { board in
            let store = board.store
            _ = try await board.merge([Self.element("a"), Self.element("b", deleted: true)])
            for number in 1...Limits.whiteboardSnapshots {
                let saved = try await store.saveSnapshot(
                    of: board.id, in: board.meeting, by: nil, at: board.database.clock.now)
                #expect(saved.number == number && saved.elementCount == 1 && saved.revision == 1)
            }
            await #expect(throws: ConferenceError.conflict(.tooManySnapshots)) {
                try await store.saveSnapshot(of: board.id, in: board.meeting, by: nil, at: board.database.clock.now)
            }
            #expect(try await store.deleteSnapshot(3, of: board.id))
            #expect(try await !store.deleteSnapshot(3, of: board.id))
            #expect(try await store.snapshots(of: board.id).first?.number == Limits.whiteboardSnapshots)
            #expect(try await store.snapshot(3, of: board.id) == nil)
        }
    }

    @Test func picturesAreCountedOnceAndBounded() async throws {
        try await Self.with { board in
            func picture(_ id: String, _ size: Int = 4 << 20) -> WhiteboardPicture {
                WhiteboardPicture(
                    id: id, format: .png, size: size, objectKey: "whiteboards/\(board.id)/\(UUID())",
                    createdAt: board.database.clock.now)
            }
            let first = picture("p0")
            #expect(try await board.store.insert(first, on: board.id))
            #expect(try await !board.store.insert(picture("p0"), on: board.id))
            #expect(try await board.store.picture("p0", on: board.id) == first)
            for number in 1..<16 { _ = try await board.store.insert(picture("p\(number)"), on: board.id) }
            await #expect(throws: ConferenceError.conflict(.whiteboardPicturesFull)) {
                try await board.store.insert(picture("p16"), on: board.id)
            }
            #expect(try await board.board().pictureBytes == 64 << 20)
            #expect(try await board.store.pictures(on: board.id).count == 16)
            let known = try await board.store.pictureKeys(among: [first.objectKey, "whiteboards/stray"])
            #expect(known == [first.objectKey])
        }
    }
}
