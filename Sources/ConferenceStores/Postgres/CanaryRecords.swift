public import Conference
import FoundationEssentials
public import Postgres

/// What the canary looks up in the database that it checks.
public struct CanaryRecords: Sendable {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    /// Who shall own the canary's meeting: the administrator that has been there longest. Nil when there is none.
    public func owner() async throws -> Principal? {
        let sql = "SELECT id FROM accounts WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id LIMIT 1"
        return try await StoreError.mapped {
            try await postgres.query(sql).first.map { Principal(accountID: AccountID(try $0.get(0)), role: .admin) }
        }
    }

    /// The kinds of events that the media server has told about a meeting's room.
    public func events(of meeting: MeetingID) async throws -> [String] {
        let sql = "SELECT event FROM webhook_inbox WHERE room = $1 ORDER BY received_at, id"
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.description]).map { try $0.get(0) }
        }
    }
}
