import Conference
import Postgres

extension Meeting {
    /// The columns of `meetings` in the order in which `init(_:)` reads them.
    static let columns = """
        id, join_code, owner_id, title, kind, state, scheduled_start, scheduled_end, started_at, ended_at, \
        passcode_hash, lobby, locked, capacity, screen_share, chat, chat_history, record, draw, created_at, updated_at, version
        """

    init(_ reader: inout RowReader) throws {
        try self.init(
            id: MeetingID(reader.next()), joinCode: JoinCode(stored: reader.next()),
            ownerID: AccountID(reader.next()), title: reader.next(), kind: reader.nextCase(),
            state: reader.nextCase(), scheduledStart: reader.next(), scheduledEnd: reader.next(),
            startedAt: reader.next(), endedAt: reader.next(), settings: MeetingSettings(&reader),
            createdAt: reader.next(), updatedAt: reader.next(), version: reader.next())
    }

    init(_ row: PostgresRow) throws {
        var reader = RowReader(row)
        try self.init(&reader)
    }
}

extension MeetingSettings {
    fileprivate init(_ reader: inout RowReader) throws {
        try self.init(
            passcodeHash: reader.next(String?.self).map { PasswordHash(phc: $0) }, lobby: reader.nextCase(),
            locked: reader.next(), capacity: reader.next(), screenShare: reader.nextCase(), chat: reader.nextCase(),
            chatHistory: reader.next(), record: reader.nextCase(), draw: reader.nextCase())
    }
}
