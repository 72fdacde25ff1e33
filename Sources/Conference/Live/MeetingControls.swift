import FoundationEssentials

/// Changes of a meeting that take effect at once for those who are in it.
public struct MeetingControls: Sendable {
    private let meetings: MeetingService
    private let access: MeetingAccess
    private let rooms: MeetingRooms
    private let journal: MeetingJournal

    public init(meetings: MeetingService, access: MeetingAccess, rooms: MeetingRooms, journal: MeetingJournal) {
        self.meetings = meetings
        self.access = access
        self.rooms = rooms
        self.journal = journal
    }

    /// As `MeetingService.update`, by owner or administrator.
    public func update(
        _ id: MeetingID, _ change: MeetingChange, version: Int?, by actor: Principal
    ) async throws -> Meeting {
        let meeting = try await meetings.update(id, change, version: version, by: actor)
        try await took(change, meeting)
        return meeting
    }

    /// Changes settings, by any host. Throws `forbidden`, `meetingEnded`, `invalid`, `conflict(.staleVersion)`.
    public func changeSettings(
        _ id: MeetingID, _ change: MeetingChange, by caller: MeetingCaller
    ) async throws -> Meeting {
        // Two hosts at the same time: the later one wins, field by field.
        for _ in 0..<4 {
            let standing = try await access.standing(of: caller, in: id)
            try standing.requireHost()
            do {
                let meeting = try await meetings.update(
                    standing.meeting, change, version: nil, by: standing.accountID)
                try await took(change, meeting)
                return meeting
            } catch ConferenceError.conflict(.staleVersion) {
                continue
            }
        }
        throw ConferenceError.conflict(.staleVersion)
    }

    /// Ends the meeting for everybody, by any host. Ending what has ended disconnects whoever is still there.
    public func end(_ id: MeetingID, by caller: MeetingCaller) async throws -> Meeting {
        let standing = try await access.standing(of: caller, in: id)
        try standing.requireHost()
        let ended = try await meetings.end(standing.meeting, by: standing.accountID)
        if ended.version != standing.meeting.version {
            try await journal.record("meeting.ended", in: id, about: nil, at: ended.endedAt ?? journal.clock.now)
            await journal.tell(.meetingEnded, in: id, ["state": .string(ended.state.rawValue)])
        }
        try await rooms.close(ended)
        return ended
    }

    /// Deletes the meeting; one that is going on is closed first.
    public func delete(_ id: MeetingID, by actor: Principal) async throws {
        let meeting = try await meetings.meeting(id, by: actor)
        if meeting.state == .live { try await rooms.close(meeting) }
        try await meetings.delete(id, by: actor)
    }

    /// What follows from a change that is stored. Rights are applied whenever the change names one, even if it is so
    /// already: a change that failed for want of the media server may be repeated.
    private func took(_ change: MeetingChange, _ meeting: Meeting) async throws {
        try await journal.record("meeting.changed", in: meeting.id, about: nil, at: meeting.updatedAt)
        await journal.tell(.meetingChanged, in: meeting.id, ["version": .integer(meeting.version)])
        guard meeting.state == .live else { return }
        if change.changesRights { try await rooms.applySettings(of: meeting) }
        // What the metadata says, the event and the API say too.
        try? await rooms.describe(meeting)
    }
}

extension MeetingChange {
    /// Whether it is about what people may do in the room.
    var changesRights: Bool { screenShare != .unchanged || chat != .unchanged || draw != .unchanged }
}
