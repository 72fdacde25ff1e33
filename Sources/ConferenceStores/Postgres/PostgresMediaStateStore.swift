import Conference
import FoundationEssentials
import Postgres

/// The inbox of the media server's events, and rooms, connections and presence that follow from them.
///
/// What is applied is merged: each room and each connection is one row that only learns. So the order of events and their
/// repetition change nothing about where it ends. Whatever concerns one meeting is applied one after the other.
public struct PostgresMediaStateStore: MediaStateStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    // MARK: Inbox

    public func insert(_ event: MediaEvent, receivedAt: Date) async throws -> Bool {
        let sql = """
            INSERT INTO webhook_inbox (id, event, room, occurred_at, received_at, payload)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
            """
        return try await StoreError.mapped {
            let payload = try PostgresJSON(encoding: event, with: Self.encoder)
            return try await postgres.execute(
                sql, [event.id, event.name, event.roomName, event.occurredAt, receivedAt, payload]) > 0
        }
    }

    public func pending(receivedBefore moment: Date, now: Date, limit: Int) async throws -> [MediaEvent] {
        // One that fails again and again is an administrator's to look at; it stays visible in the inbox.
        let sql = """
            SELECT payload FROM webhook_inbox
            WHERE applied_at IS NULL AND (received_at < $1 OR received_at > $2) AND attempts < 100
            ORDER BY received_at LIMIT $3
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [moment, now, limit]).map { row in
                try row.get(0, as: PostgresJSON.self).decoded(as: MediaEvent.self, with: Self.decoder)
            }
        }
    }

    public func markApplied(_ eventID: String, note: String?, at moment: Date) async throws {
        let sql = """
            UPDATE webhook_inbox
            SET applied_at = greatest($2, received_at), attempts = attempts + 1, last_error = NULL, note = $3
            WHERE id = $1 AND applied_at IS NULL
            """
        try await StoreError.mapped { _ = try await postgres.execute(sql, [eventID, moment, note]) }
    }

    public func markFailed(_ eventID: String, reason: String) async throws {
        let sql = """
            UPDATE webhook_inbox SET attempts = attempts + 1, last_error = left($2, 1000)
            WHERE id = $1 AND applied_at IS NULL
            """
        try await StoreError.mapped { _ = try await postgres.execute(sql, [eventID, reason]) }
    }

    public func forget(receivedBefore moment: Date) async throws -> Int {
        let sql = "DELETE FROM webhook_inbox WHERE received_at < $1 AND applied_at IS NOT NULL"
        return try await StoreError.mapped { try await postgres.execute(sql, [moment]) }
    }

    // MARK: State

    public func apply(_ report: MediaReport, of eventID: String, at moment: Date) async throws -> MediaOutcome {
        // Taken first: whoever applies the same event at the same time waits here and then finds it applied.
        let claim = """
            UPDATE webhook_inbox
            SET applied_at = greatest($2, received_at), attempts = attempts + 1, last_error = NULL
            WHERE id = $1 AND applied_at IS NULL
            """
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                let merge = MediaStateMerge(connection, report.meetingID, moment)
                guard
                    let outcome = try await merge.apply(
                        report, claiming: PostgresStatement(claim, [eventID, moment]))
                else { return MediaOutcome() }
                if let note = outcome.note {
                    _ = try await connection.execute(
                        "UPDATE webhook_inbox SET note = $2 WHERE id = $1", [eventID, note])
                }
                return outcome
            }
        }
    }

    public func apply(_ report: MediaReport, at moment: Date) async throws -> MediaOutcome {
        try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                try await MediaStateMerge(connection, report.meetingID, moment).apply(report) ?? MediaOutcome()
            }
        }
    }

    public func settle(_ meeting: MeetingID, hasRoom: Bool, at moment: Date) async throws -> MediaOutcome {
        try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                try await MediaStateMerge(connection, meeting, moment).settle(hasRoom: hasRoom)
            }
        }
    }

    public func open() async throws -> [OpenMedia] {
        let meetings = """
            SELECT id, state, updated_at FROM meetings
            WHERE state = 'live' OR id IN (SELECT meeting_id FROM media_rooms WHERE finished_at IS NULL)
                OR id IN (SELECT meeting_id FROM participant_sessions WHERE left_at IS NULL)
            """
        let rooms = "SELECT meeting_id, sid, recorded_at FROM media_rooms WHERE finished_at IS NULL"
        let sessions = """
            SELECT meeting_id, sid, room_sid, participant_id, recorded_at FROM participant_sessions WHERE left_at IS NULL
            """
        return try await StoreError.mapped {
            let results = try await postgres.pipeline(
                [PostgresStatement(meetings), PostgresStatement(rooms), PostgresStatement(sessions)]
            ).map { try $0.get().rows }
            var roomsOf: [MeetingID: [OpenMedia.Room]] = [:]
            for row in results[1] {
                var reader = RowReader(row)
                roomsOf[MeetingID(try reader.next(UUID.self)), default: []].append(
                    try OpenMedia.Room(sid: reader.next(), recordedAt: reader.next()))
            }
            var sessionsOf: [MeetingID: [OpenMedia.Session]] = [:]
            for row in results[2] {
                var reader = RowReader(row)
                sessionsOf[MeetingID(try reader.next(UUID.self)), default: []].append(
                    try OpenMedia.Session(
                        sid: reader.next(), roomSID: reader.next(), participantID: ParticipantID(reader.next()),
                        recordedAt: reader.next()))
            }
            return try results[0].map { row in
                var reader = RowReader(row)
                let id = MeetingID(try reader.next(UUID.self))
                return try OpenMedia(
                    meetingID: id, state: reader.nextCase(), updatedAt: reader.next(),
                    rooms: roomsOf[id] ?? [], sessions: sessionsOf[id] ?? [])
            }
        }
    }

    public func states(of meetings: [MeetingID]) async throws -> [MeetingID: MeetingState] {
        let sql = "SELECT id, state FROM meetings WHERE id = ANY($1)"
        return try await StoreError.mapped {
            let rows = try await postgres.query(sql, [meetings.map(\.uuid)])
            let pairs: [(MeetingID, MeetingState)] = try rows.map { row in
                var reader = RowReader(row)
                return try (MeetingID(reader.next()), reader.nextCase())
            }
            return Dictionary(pairs) { first, _ in first }
        }
    }

    public func unwelcome(in meeting: MeetingID, among ids: [ParticipantID]) async throws -> [ParticipantID] {
        let sql = """
            SELECT participants.id FROM participants JOIN meetings ON meetings.id = participants.meeting_id
            WHERE participants.meeting_id = $1 AND participants.id = ANY($2)
                AND (participants.removed_at IS NOT NULL OR participants.admitted_at IS NULL OR meetings.state = 'ended'
                    OR meeting_keeps_out(meeting_id, account_id))
            ORDER BY participants.id
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, ids.map(\.uuid)]).map { ParticipantID(try $0.get(0)) }
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .millisecondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        return decoder
    }
}
