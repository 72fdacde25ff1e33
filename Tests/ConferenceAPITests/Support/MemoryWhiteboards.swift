import Conference
import ConferenceAPI
import FoundationEssentials
import Platform

/// Boards in memory, merged by the domain's own rule.
final class MemoryWhiteboards: WhiteboardStoring {
    private struct Content {
        var boards: [WhiteboardID: Whiteboard] = [:]
        var elements: [WhiteboardID: [WhiteboardElement]] = [:]
        var revisions: [WhiteboardID: [String: Int]] = [:]
        var snapshots: [WhiteboardID: [(WhiteboardSnapshot, [WhiteboardElement])]] = [:]
        var pictures: [WhiteboardID: [WhiteboardPicture]] = [:]
    }

    private let content = Lock(Content())

    func insert(_ board: Whiteboard) async throws { content.withLock { $0.boards[board.id] = board } }

    func boards(of meeting: MeetingID) async throws -> [Whiteboard] {
        content.withLock { $0.boards.values.filter { $0.meetingID == meeting }.sorted { $0.id < $1.id } }
    }

    func board(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Whiteboard? {
        content.withLock { $0.boards[id].flatMap { $0.meetingID == meeting ? $0 : nil } }
    }

    func change(
        _ id: WhiteboardID, in meeting: MeetingID, _ change: WhiteboardChange, at moment: Date
    ) async throws -> Whiteboard? {
        content.withLock { content in
            guard var board = content.boards[id] else { return nil }
            if let title = change.title { board.title = title }
            if let closed = change.closed { board.closedAt = closed ? moment : nil }
            content.boards[id] = board
            return board
        }
    }

    func delete(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Bool {
        content.withLock { $0.boards.removeValue(forKey: id) != nil }
    }

    func scene(
        _ id: WhiteboardID, in meeting: MeetingID, since: Int, withDeleted: Bool
    ) async throws -> WhiteboardScene? {
        content.withLock { content in
            guard let board = content.boards[id] else { return nil }
            let elements = content.elements[id, default: []].filter {
                (withDeleted || !$0.isDeleted) && content.revisions[id]?[$0.id] ?? 0 > since
            }
            return WhiteboardScene(revision: board.revision, elements: elements)
        }
    }

    func merge(
        _ elements: [WhiteboardElement], into id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date
    ) async throws -> WhiteboardMergeResult {
        try content.withLock { content in
            guard var board = content.boards[id] else { throw ConferenceError.notFound(.whiteboard) }
            guard board.closedAt == nil else { throw ConferenceError.conflict(.whiteboardClosed) }
            let before = content.elements[id, default: []]
            let after = before.merged(with: elements)
            guard after.count <= Limits.whiteboardElements else { throw ConferenceError.conflict(.whiteboardFull) }
            let isChanged = before != after
            if isChanged { board.revision += 1 }
            for element in after where !before.contains(element) {
                content.revisions[id, default: [:]][element.id] = board.revision
            }
            board.elementCount = after.count
            content.boards[id] = board
            content.elements[id] = after
            let taken = elements.filter(after.contains).map(\.id)
            return WhiteboardMergeResult(
                revision: board.revision, taken: taken,
                winners: after.filter { element in
                    elements.contains { $0.id == element.id } && !taken.contains(element.id)
                }, isChanged: isChanged)
        }
    }

    func saveSnapshot(
        of id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date
    ) async throws -> WhiteboardSnapshot {
        content.withLock { content in
            let elements = content.elements[id, default: []].filter { !$0.isDeleted }
            let snapshot = WhiteboardSnapshot(
                number: content.snapshots[id, default: []].count + 1, revision: content.boards[id]?.revision ?? 0,
                elementCount: elements.count, savedAt: moment)
            content.snapshots[id, default: []].append((snapshot, elements))
            return snapshot
        }
    }

    func snapshots(of id: WhiteboardID) async throws -> [WhiteboardSnapshot] {
        content.withLock { $0.snapshots[id, default: []].map(\.0).reversed() }
    }

    func snapshot(_ number: Int, of id: WhiteboardID) async throws -> (WhiteboardSnapshot, [WhiteboardElement])? {
        content.withLock { $0.snapshots[id, default: []].first { $0.0.number == number } }
    }

    func deleteSnapshot(_ number: Int, of id: WhiteboardID) async throws -> Bool {
        content.withLock { content in
            let before = content.snapshots[id, default: []].count
            content.snapshots[id]?.removeAll { $0.0.number == number }
            return content.snapshots[id, default: []].count < before
        }
    }

    func insert(_ picture: WhiteboardPicture, on id: WhiteboardID) async throws -> Bool {
        content.withLock { content in
            guard !content.pictures[id, default: []].contains(where: { $0.id == picture.id }) else { return false }
            content.pictures[id, default: []].append(picture)
            return true
        }
    }

    func pictures(on id: WhiteboardID) async throws -> [WhiteboardPicture] {
        content.withLock { $0.pictures[id, default: []] }
    }

    func picture(_ fileID: String, on id: WhiteboardID) async throws -> WhiteboardPicture? {
        content.withLock { $0.pictures[id, default: []].first { $0.id == fileID } }
    }

    func pictureKeys(among keys: [String]) async throws -> Set<String> {
        content.withLock { content in
            Set(content.pictures.values.flatMap { $0 }.map(\.objectKey)).intersection(keys)
        }
    }
}

/// Objects in memory.
final class MemoryPictures: PictureStoring {
    private let content = Lock<[String: [UInt8]]>([:])

    var keys: Set<String> { content.withLock { Set($0.keys) } }

    func put(_ bytes: [UInt8], at key: String, contentType: String) async throws {
        content.withLock { $0[key] = bytes }
    }

    func bytes(at key: String, limit: Int) async throws -> [UInt8]? { content.withLock { $0[key] } }

    func delete(_ key: String) async throws { content.withLock { $0[key] = nil } }

    func address(of key: String, contentType: String, for lifetime: Duration) throws -> String {
        "https://storage.example.org/\(key)"
    }

    func keys(
        below prefix: String, before moment: Date, _ body: @Sendable ([String]) async throws -> Void
    ) async throws {
        try await body(keys.filter { $0.hasPrefix(prefix) }.sorted())
    }
}

/// Everything that was published, as `name` or `whiteboard.changed revision`.
final class CollectedEvents: MeetingEventPublishing, WhiteboardAnnouncing {
    private let content = Lock<[String]>([])

    var all: [String] { content.withLock { $0 } }

    func publish(_ event: MeetingEvent) async { content.withLock { $0.append(event.name.rawValue) } }

    func changed(_ board: WhiteboardID, in meeting: MeetingID, revision: Int) {
        content.withLock { $0.append("whiteboard.changed \(revision)") }
    }
}

extension TestAPI {
    /// A board with one element, one snapshot and the picture of the examples.
    func makeBoard(in meeting: Meeting) async throws -> Whiteboard {
        let service = dependencies.whiteboards
        let ben = MeetingCaller(principal: Principal(accountID: ben, role: .member), claim: nil)
        let board = try await service.create(in: meeting.id, title: "Board", by: ben)
        let element = WhiteboardElement(
            id: "one", version: 1, versionNonce: 5, index: "a0", isDeleted: false,
            json: #"{"id":"one","type":"text","version":1,"versionNonce":5,"index":"a0","isDeleted":false}"#)
        _ = try await service.merge([element], into: board.id, in: meeting.id, by: ben)
        _ = try await service.saveSnapshot(of: board.id, in: meeting.id, by: ben)
        _ = try await service.addPicture(
            "3ebe1a1b5bd6a2c8dd5b4ac9cb9b9dee4f9f1c8d", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0],
            to: board.id,
            in: meeting.id, by: ben)
        return board
    }
}
