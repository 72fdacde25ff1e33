import Conference
import FoundationEssentials
import Postgres

/// The audit log in PostgreSQL: the table `audit_log`, which only grows.
public struct PostgresAuditLog: AuditLogging {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    public func atomically<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await StoreError.mapped { try await postgres.withSharedTransaction(body) }
    }

    public func record(_ entry: AuditEntry) async throws {
        let sql = "INSERT INTO audit_log (at, actor_id, action, subject_id, details) VALUES ($1, $2, $3, $4, $5)"
        let details = try PostgresJSON(encoding: entry.details)
        _ = try await StoreError.mapped {
            try await postgres.execute(
                sql, [entry.at, entry.actor?.uuid, entry.action.rawValue, entry.subject, details])
        }
    }
}
