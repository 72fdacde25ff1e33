import FoundationEssentials

/// The boards of meetings.
///
/// Those in the meeting read; those whom the setting `draw` includes draw and add boards; hosts rename, close, restore
/// and delete. Every function throws what `MeetingAccess.standing` throws, `notAdmitted` for those in the lobby, and
/// `notFound(.whiteboard)`.
public struct WhiteboardService: Sendable {
    let access: MeetingAccess
    let boards: any WhiteboardStoring
    let pictures: any PictureStoring
    let announcer: any WhiteboardAnnouncing
    private let events: any MeetingEventPublishing
    let clock: any WallClock
    let ids: any IDGenerating
    let random: any RandomSource

    public init(
        access: MeetingAccess, boards: any WhiteboardStoring, pictures: any PictureStoring,
        announcer: any WhiteboardAnnouncing, events: any MeetingEventPublishing, clock: any WallClock,
        ids: any IDGenerating, random: any RandomSource
    ) {
        self.access = access
        self.boards = boards
        self.pictures = pictures
        self.announcer = announcer
        self.events = events
        self.clock = clock
        self.ids = ids
        self.random = random
    }

    /// Oldest first.
    public func list(in meeting: MeetingID, by caller: MeetingCaller) async throws -> [Whiteboard] {
        _ = try await reader(caller, in: meeting)
        return try await boards.boards(of: meeting)
    }

    public func board(_ id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller) async throws -> Whiteboard {
        _ = try await reader(caller, in: meeting)
        return try await board(id, in: meeting)
    }

    /// Throws `invalid`, `forbidden`, `meetingEnded`, `conflict(.tooManyWhiteboards)`.
    public func create(in meeting: MeetingID, title: String, by caller: MeetingCaller) async throws -> Whiteboard {
        _ = try await drawer(caller, in: meeting)
        let board = Whiteboard(
            id: WhiteboardID(ids.next()), meetingID: meeting, title: try MeetingRules.title(title),
            createdAt: clock.now)
        try await boards.insert(board)
        await publish(.whiteboardCreated, board.id, in: meeting)
        return board
    }

    /// Hosts only. Throws `invalid`, `forbidden`.
    public func change(
        _ id: WhiteboardID, in meeting: MeetingID, _ change: WhiteboardChange, by caller: MeetingCaller
    ) async throws -> Whiteboard {
        try await reader(caller, in: meeting).requireHost()
        var change = change
        change.title = try change.title.map(MeetingRules.title)
        guard let changed = try await boards.change(id, in: meeting, change, at: clock.now) else {
            throw ConferenceError.notFound(.whiteboard)
        }
        await publish(.whiteboardUpdated, id, in: meeting)
        return changed
    }

    /// Hosts only. Its pictures go first, so that none is left behind. Throws `forbidden`.
    public func delete(_ id: WhiteboardID, in meeting: MeetingID, by caller: MeetingCaller) async throws {
        try await reader(caller, in: meeting).requireHost()
        _ = try await board(id, in: meeting)
        for picture in try await boards.pictures(on: id) { try await pictures.delete(picture.objectKey) }
        guard try await boards.delete(id, in: meeting) else { throw ConferenceError.notFound(.whiteboard) }
        await publish(.whiteboardDeleted, id, in: meeting)
    }

    func board(_ id: WhiteboardID, in meeting: MeetingID) async throws -> Whiteboard {
        guard let board = try await boards.board(id, in: meeting) else { throw ConferenceError.notFound(.whiteboard) }
        return board
    }

    func reader(_ caller: MeetingCaller, in meeting: MeetingID) async throws -> MeetingStanding {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.requireAdmitted()
        return standing
    }

    /// Throws `forbidden` unless they may draw, and `meetingEnded`.
    func drawer(_ caller: MeetingCaller, in meeting: MeetingID) async throws -> MeetingStanding {
        let standing = try await access.standing(of: caller, in: meeting)
        try standing.require(standing.meeting.settings.draw)
        guard standing.meeting.state != .ended else { throw ConferenceError.meetingEnded }
        return standing
    }

    private func publish(_ name: MeetingEvent.Name, _ id: WhiteboardID, in meeting: MeetingID) async {
        await events.publish(
            MeetingEvent(name, in: meeting, at: clock.now, data: ["whiteboardId": .string(id.description)]))
    }
}

extension MeetingEvent.Name {
    public static let whiteboardCreated = MeetingEvent.Name(rawValue: "whiteboard.created")
    /// Title, or whether it is closed.
    public static let whiteboardUpdated = MeetingEvent.Name(rawValue: "whiteboard.updated")
    public static let whiteboardDeleted = MeetingEvent.Name(rawValue: "whiteboard.deleted")
    /// What is on it, up to `revision`.
    public static let whiteboardChanged = MeetingEvent.Name(rawValue: "whiteboard.changed")
}

extension MeetingStanding {
    /// Whose change it is: the participant, or the account of a host from outside.
    var author: UUID? { participant?.id.uuid ?? accountID?.uuid }
}
