import FoundationEssentials

/// Where boards are kept. Boards are always named together with their meeting: another meeting's board isn't there.
/// Every function may throw `ConferenceError.unavailable`; those that write elements, snapshots and pictures throw
/// `notFound(.whiteboard)` and conflicts, and then have changed nothing.
public protocol WhiteboardStoring: Sendable {
    /// Throws `conflict(.tooManyWhiteboards)`.
    func insert(_ board: Whiteboard) async throws
    /// Oldest first.
    func boards(of meeting: MeetingID) async throws -> [Whiteboard]
    func board(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Whiteboard?
    /// Nil when there is no such board.
    func change(_ id: WhiteboardID, in meeting: MeetingID, _ change: WhiteboardChange, at moment: Date) async throws
        -> Whiteboard?
    func delete(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Bool

    /// In the order of the canvas, those changed after the revision `since` (0: all). Nil when there is no such board.
    func scene(_ id: WhiteboardID, in meeting: MeetingID, since: Int, withDeleted: Bool) async throws
        -> WhiteboardScene?
    /// Merges elements, each id once, exactly as `WhiteboardElement.beats` says, as one atomic step.
    ///
    /// Throws `conflict(.whiteboardClosed)`, `conflict(.whiteboardFull)`.
    func merge(
        _ elements: [WhiteboardElement], into id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date
    ) async throws -> WhiteboardMergeResult

    /// Saves what is on the board without tombstones. Throws `conflict(.tooManySnapshots)`.
    func saveSnapshot(of id: WhiteboardID, in meeting: MeetingID, by author: UUID?, at moment: Date) async throws
        -> WhiteboardSnapshot
    /// Newest first.
    func snapshots(of id: WhiteboardID) async throws -> [WhiteboardSnapshot]
    func snapshot(_ number: Int, of id: WhiteboardID) async throws -> (WhiteboardSnapshot, [WhiteboardElement])?
    func deleteSnapshot(_ number: Int, of id: WhiteboardID) async throws -> Bool

    /// False when the board has a picture of this id already. Throws `conflict(.whiteboardPicturesFull)`.
    func insert(_ picture: WhiteboardPicture, on id: WhiteboardID) async throws -> Bool
    func pictures(on id: WhiteboardID) async throws -> [WhiteboardPicture]
    func picture(_ fileID: String, on id: WhiteboardID) async throws -> WhiteboardPicture?
    /// Those of the keys that belong to a picture.
    func pictureKeys(among keys: [String]) async throws -> Set<String>
}

/// Tells those in a meeting that a board changed. Many changes become few announcements.
public protocol WhiteboardAnnouncing: Sendable {
    /// Returns at once.
    func changed(_ board: WhiteboardID, in meeting: MeetingID, revision: Int)
}
