import Conference
import FoundationEssentials
import Postgres

/// Leases as rows, by the database's clock, so that instances needn't agree on the time.
public struct PostgresLeases: Leasing {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    public func acquire(_ name: String, holder: UUID, for duration: Duration) async throws -> Bool {
        let sql = """
            INSERT INTO service_leases AS lease (name, holder, held_until)
            VALUES ($1, $2, now() + $3::bigint * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
            WHERE lease.holder = excluded.holder OR lease.held_until < now()
            """
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return try await StoreError.mapped { try await postgres.execute(sql, [name, holder, Int(milliseconds)]) > 0 }
    }

    public func release(_ name: String, holder: UUID) async throws {
        let sql = "DELETE FROM service_leases WHERE name = $1 AND holder = $2"
        try await StoreError.mapped { _ = try await postgres.execute(sql, [name, holder]) }
    }
}
