import Conference
import FoundationEssentials
import Postgres

/// What happened in meetings, in PostgreSQL: the table `analytics_events`.
public struct PostgresTimeline: TimelineWriting {
    let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    public func record(_ entry: TimelineEntry) async throws {
        let sql = """
            INSERT INTO analytics_events (meeting_id, participant_id, kind, occurred_at, details)
            VALUES ($1, $2, $3, $4, $5)
            """
        let details = try PostgresJSON(encoding: entry.details)
        _ = try await StoreError.mapped {
            try await postgres.execute(
                sql, [entry.meetingID.uuid, entry.participantID?.uuid, entry.kind, entry.at, details])
        }
    }
}
