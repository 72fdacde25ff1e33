import FoundationEssentials

extension WhiteboardService {
    /// Keeps a picture. The same id again changes nothing: Excalidraw makes ids of the content.
    ///
    /// Throws `invalid`, `forbidden`, `meetingEnded`, `conflict(.whiteboardClosed)`, `conflict(.whiteboardPicturesFull)`.
    public func addPicture(
        _ fileID: String, _ bytes: [UInt8], to id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardPicture {
        _ = try await drawer(caller, in: meeting)
        let board = try await board(id, in: meeting)
        guard board.closedAt == nil else { throw ConferenceError.conflict(.whiteboardClosed) }
        return try await keep(fileID, bytes, on: board, field: "dataURL")
    }

    func keep(
        _ fileID: String, _ bytes: [UInt8], on board: Whiteboard, field: String
    ) async throws -> WhiteboardPicture {
        guard (1...Limits.pictureBytes).contains(bytes.count) else {
            throw ConferenceError.invalid([FieldProblem(field, "must hold 1 to \(Limits.pictureBytes) bytes")])
        }
        guard let format = WhiteboardPicture.Format(bytes) else {
            throw ConferenceError.invalid([
                FieldProblem(field, "must be PNG, JPEG, GIF or WebP; turn other pictures into PNG first")
            ])
        }
        if let there = try await boards.picture(fileID, on: board.id) { return there }
        let picture = WhiteboardPicture(
            id: fileID, format: format, size: bytes.count,
            objectKey: "\(WhiteboardPicture.keyPrefix)\(board.id)/\(WhiteboardID(ids.next()))", createdAt: clock.now)
        // The object first: a row always has its object, and an object without a row is swept.
        try await pictures.put(bytes, at: picture.objectKey, contentType: format.rawValue)
        let isNew: Bool
        do {
            isNew = try await boards.insert(picture, on: board.id)
        } catch {
            try? await pictures.delete(picture.objectKey)
            throw error
        }
        if isNew { return picture }
        try? await pictures.delete(picture.objectKey)
        return try await boards.picture(fileID, on: board.id) ?? picture
    }

    public func pictures(
        on id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> [WhiteboardPicture] {
        _ = try await board(id, in: meeting, by: caller)
        return try await boards.pictures(on: id)
    }

    /// Throws `notFound(.picture)`.
    public func picture(
        _ fileID: String, on id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardPicture {
        _ = try await board(id, in: meeting, by: caller)
        guard let picture = try await boards.picture(fileID, on: id) else { throw ConferenceError.notFound(.picture) }
        return picture
    }

    /// Where a browser may fetch the picture, and until when.
    public func address(of picture: WhiteboardPicture) throws -> (url: String, expiresAt: Date) {
        let url = try pictures.address(
            of: picture.objectKey, contentType: picture.format.rawValue, for: Limits.pictureAddressLifetime)
        return (url, clock.now + Limits.pictureAddressLifetime)
    }

    /// Throws `notFound(.picture)` when storage has lost it.
    public func bytes(of picture: WhiteboardPicture) async throws -> [UInt8] {
        guard let bytes = try await pictures.bytes(at: picture.objectKey, limit: Limits.pictureBytes) else {
            throw ConferenceError.notFound(.picture)
        }
        return bytes
    }

    /// Takes over a file's elements, merged like any other change, and its pictures. Hosts only.
    public func importFile(
        _ elements: [WhiteboardElement], pictures: [(fileID: String, bytes: [UInt8])], into id: WhiteboardID,
        in meeting: MeetingID, by caller: MeetingCaller
    ) async throws -> WhiteboardMergeResult {
        let standing = try await reader(caller, in: meeting)
        try standing.requireHost()
        let board = try await board(id, in: meeting)
        guard board.closedAt == nil else { throw ConferenceError.conflict(.whiteboardClosed) }
        for picture in pictures {
            _ = try await keep(picture.fileID, picture.bytes, on: board, field: "files.\(picture.fileID).dataURL")
        }
        return try await merge(elements, into: id, in: meeting, as: standing)
    }

    /// Deletes objects of pictures that no board has: of boards deleted with their meeting, and of uploads that ended
    /// halfway. What is younger than a day may still be on its way.
    ///
    /// - Returns: how many were deleted.
    public func sweepPictures() async throws -> Int {
        let count = Counter()
        let (boards, pictures) = (boards, pictures)
        try await pictures.keys(
            below: WhiteboardPicture.keyPrefix, before: clock.now + Duration.seconds(-24 * 3600)
        ) { keys in
            let known = try await boards.pictureKeys(among: keys)
            for key in keys where !known.contains(key) {
                try await pictures.delete(key)
                await count.add()
            }
        }
        return await count.value
    }

    private actor Counter {
        var value = 0
        func add() { value += 1 }
    }
}
