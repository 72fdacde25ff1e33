import Conference
public import FoundationEssentials
public import Postgres

/// Deletes from PostgreSQL what is old enough to be forgotten: some rows at a time, so that nobody waits for it.
public struct PostgresRetention: Sendable {
    private let postgres: Postgres
    private let batch: Int

    /// - Parameter batch: the most rows that one statement deletes or finds.
    public init(_ postgres: Postgres, batch: Int = 5_000) {
        self.postgres = postgres
        self.batch = batch
    }

    /// Forgets what happened in meetings before `moment`. The sums of analytics aren't made of it and stay.
    /// - Returns: how many entries it was.
    public func forgetEvents(before moment: Date) async throws -> Int {
        let sql = """
            DELETE FROM analytics_events
            WHERE id IN (SELECT id FROM analytics_events WHERE occurred_at < $1 LIMIT $2)
            """
        return try await repeatedly(sql, moment)
    }

    /// Forgets the media server's events that came before `moment`, those too that could never be applied.
    /// - Returns: how many it was.
    public func forgetWebhooks(before moment: Date) async throws -> Int {
        let sql = """
            DELETE FROM webhook_inbox
            WHERE id IN (SELECT id FROM webhook_inbox WHERE received_at < $1 LIMIT $2)
            """
        return try await repeatedly(sql, moment)
    }

    /// Deletes meetings that ended before `moment`, with their participants, chat and boards. One that has recordings stays
    /// until these are gone. Each is a transaction with its entry in the audit log, which says that its time had come.
    /// - Returns: how many it was.
    public func deleteMeetings(endedBefore moment: Date, at now: Date) async throws -> Int {
        let meetings = PostgresMeetingStore(postgres)
        let audit = PostgresAuditLog(postgres)
        var deleted = 0
        var last: MeetingID?
        while true {
            let found = try await ended(before: moment, after: last)
            for id in found {
                do {
                    deleted += try await audit.atomically {
                        guard try await meetings.delete(id) else { return 0 }
                        try await audit.record(
                            AuditEntry(
                                .meetingDeleted, actor: nil, subject: id.uuid, at: now, details: ["reason": "retention"]
                            ))
                        return 1
                    }
                } catch ConferenceError.conflict(.meetingHasRecordings) {
                    continue  // since it was found
                }
            }
            guard found.count == batch else { return deleted }
            last = found.last
        }
    }

    private func ended(before moment: Date, after last: MeetingID?) async throws -> [MeetingID] {
        let sql = """
            SELECT id FROM meetings
            WHERE state = 'ended' AND ended_at < $1 AND ($2::uuid IS NULL OR id > $2)
                AND NOT EXISTS (SELECT FROM recordings WHERE meeting_id = meetings.id)
            ORDER BY id LIMIT $3
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [moment, last?.uuid, batch]).map { MeetingID(try $0.get(0)) }
        }
    }

    /// Runs a statement that deletes `batch` rows at most until none is left.
    private func repeatedly(_ sql: String, _ moment: Date) async throws -> Int {
        var total = 0
        while true {
            let count = try await StoreError.mapped { try await postgres.execute(sql, [moment, batch]) }
            total += count
            guard count == batch else { return total }
        }
    }
}
