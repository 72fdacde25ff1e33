import FoundationEssentials

extension WhiteboardService {
    /// What is on the board; with `since`, what changed after that revision, tombstones included.
    public func scene(
        _ id: WhiteboardID, in meeting: MeetingID, since: Int? = nil, withDeleted: Bool = true, by caller: MeetingCaller
    ) async throws -> WhiteboardScene {
        _ = try await reader(caller, in: meeting)
        let scene = try await boards.scene(
            id, in: meeting, since: since ?? 0, withDeleted: withDeleted || since != nil)
        guard let scene else { throw ConferenceError.notFound(.whiteboard) }
        return scene
    }

    /// Merges changes element by element: nobody's is lost to an older one.
    ///
    /// Throws `invalid`, `forbidden`, `meetingEnded`, `conflict(.whiteboardClosed)`, `conflict(.whiteboardFull)`.
    public func merge(
        _ elements: [WhiteboardElement], into id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardMergeResult {
        let standing = try await drawer(caller, in: meeting)
        return try await merge(elements, into: id, in: meeting, as: standing)
    }

    func merge(
        _ elements: [WhiteboardElement], into id: WhiteboardID, in meeting: MeetingID, as standing: MeetingStanding
    ) async throws -> WhiteboardMergeResult {
        var problems = FieldProblems()
        for (number, element) in elements.enumerated() {
            problems.require(
                element.json.utf8.count <= Limits.whiteboardElementBytes, "elements.\(number)",
                "must have at most \(Limits.whiteboardElementBytes) bytes as JSON")
            problems.require(
                JSONMembers.has(["id", "version", "versionNonce", "isDeleted"], in: element.json),
                "elements.\(number)", "must have the names of its members without escapes")
        }
        guard problems.isEmpty else { throw problems.error }
        guard !elements.isEmpty else {
            return WhiteboardMergeResult(
                revision: try await board(id, in: meeting).revision, taken: [], winners: [], isChanged: false)
        }
        let result = try await boards.merge(
            [].merged(with: elements), into: id, in: meeting, by: standing.author, at: clock.now)
        if result.isChanged { announcer.changed(id, in: meeting, revision: result.revision) }
        return result
    }

    // MARK: Snapshots

    /// Throws `forbidden`, `meetingEnded`, `conflict(.tooManySnapshots)`.
    public func saveSnapshot(
        of id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardSnapshot {
        let standing = try await drawer(caller, in: meeting)
        return try await boards.saveSnapshot(of: id, in: meeting, by: standing.author, at: clock.now)
    }

    /// Newest first.
    public func snapshots(
        of id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> [WhiteboardSnapshot] {
        _ = try await board(id, in: meeting, by: caller)
        return try await boards.snapshots(of: id)
    }

    /// Throws `notFound(.snapshot)`.
    public func snapshot(
        _ number: Int, of id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> (WhiteboardSnapshot, [WhiteboardElement]) {
        _ = try await board(id, in: meeting, by: caller)
        guard let found = try await boards.snapshot(number, of: id) else { throw ConferenceError.notFound(.snapshot) }
        return found
    }

    /// Hosts only. Throws `forbidden`, `notFound(.snapshot)`.
    public func deleteSnapshot(
        _ number: Int, of id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws {
        try await reader(caller, in: meeting).requireHost()
        _ = try await board(id, in: meeting)
        guard try await boards.deleteSnapshot(number, of: id) else { throw ConferenceError.notFound(.snapshot) }
    }

    /// Brings a saved state back, as new versions of its elements; what isn't in it becomes deleted. Whoever draws at the
    /// same moment is merged with it like with any other change. Hosts only.
    ///
    /// Throws `notFound(.snapshot)`, `conflict(.whiteboardClosed)`, `conflict(.whiteboardFull)`.
    public func restoreSnapshot(
        _ number: Int, of id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardMergeResult {
        let standing = try await reader(caller, in: meeting)
        try standing.requireHost()
        let current = try await scene(id, in: meeting, by: caller)
        let (_, saved) = try await snapshot(number, of: id, in: meeting, by: caller)
        let restored = WhiteboardRestoration.elements(from: current.elements, to: saved, nonce: nonce)
        return try await merge(restored, into: id, in: meeting, as: standing)
    }

    /// A random version nonce, in the range of Excalidraw's.
    private func nonce() -> Int {
        random.bytes(4).reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
    }
}

/// The changes that bring a saved state back.
enum WhiteboardRestoration {
    static func elements(
        from current: [WhiteboardElement], to saved: [WhiteboardElement], nonce: () -> Int
    ) -> [WhiteboardElement] {
        let there = Dictionary(current.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let wanted = Set(saved.map(\.id))
        let back = saved.compactMap { element -> WhiteboardElement? in
            guard let now = there[element.id] else { return element }
            if now == element { return nil }
            return element.revised(
                version: max(now.version, element.version) + 1, nonce: nonce(), isDeleted: element.isDeleted)
        }
        let gone = current.filter { !$0.isDeleted && !wanted.contains($0.id) }.map {
            $0.revised(version: $0.version + 1, nonce: nonce(), isDeleted: true)
        }
        return back + gone
    }
}
