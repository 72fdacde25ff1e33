import Platform
import Postgres

/// PostgreSQL: whether it is there, and whether our role may do what it must.
enum DatabaseChecks {
    static let all: [DoctorCheck] = [
        .services("database.connection", "PostgreSQL lets us in", connection),
        .services("database.version", "PostgreSQL is new enough", version),
        .services("database.migrations", "the schema is the one that this program needs", migrations),
        .services("database.rights", "our role may do what it must, and not more", rights),
        .services("database.connections", "PostgreSQL has connections to spare", connections),
    ]

    @Sendable private static func connection(_ services: DoctorServices) async throws -> DoctorFinding {
        let begin = MonotonicTime.now
        do {
            _ = try await services.postgres().query("SELECT 1")
        } catch let error as PostgresError {
            return refusal(error, services)
        }
        return .pass("answered in \(MonotonicTime.now.duration(since: begin).nanoseconds / 1_000_000) ms")
    }

    private static func refusal(_ error: PostgresError, _ services: DoctorServices) -> DoctorFinding {
        if case .unsupportedServer = error { return .pass("it answers; for its version see database.version") }
        let place = services.settings.parts.database.map { "\($0.configuration)" } ?? ""
        return .fail(
            "\(error)",
            "DATABASE_URL names \(place). Check that it is right, and that the server runs: systemctl status 'postgresql*'."
        )
    }

    @Sendable private static func version(_ services: DoctorServices) async throws -> DoctorFinding {
        try await withAnswer {
            do {
                let rows = try await services.postgres().query("SELECT current_setting('server_version') AS version")
                return .pass(try rows.first?.get("version") ?? "")
            } catch PostgresError.unsupportedServer(let found, let required) {
                return .fail(
                    "it is \(found), \(required) or newer is needed", "Upgrade it, or let DATABASE_URL name another.")
            }
        }
    }

    @Sendable private static func migrations(_ services: DoctorServices) async throws -> DoctorFinding {
        let runner = MigrationRunner(
            directory: try services.settings.require(\.program, "MIGRATIONS_DIR").migrationsDirectory,
            configuration: try services.settings.require(\.database, "DATABASE_...").configuration, loop: services.loop,
            log: services.log)
        return try await withAnswer {
            do {
                try await runner.verify()
                return .pass("as the \(try await runner.status().count) migrations make it")
            } catch let error as MigrationError {
                switch error {
                case .pending, .databaseMissing:
                    return .fail(
                        "\(error)", "systemctl start livekit-conference-migrate, or: livekit-conference migrate")
                default:
                    return .fail(
                        "\(error)", "See docs/database.md. Nothing is lost; the program doesn't start until then.")
                }
            }
        }
    }

    @Sendable private static func rights(_ services: DoctorServices) async throws -> DoctorFinding {
        try await withAnswer {
            let rows = try await services.postgres().query(
                """
                SELECT r.rolname::text AS role, r.rolsuper AS is_superuser,
                    has_schema_privilege('public', 'USAGE') AND has_schema_privilege('public', 'CREATE') AS may_create,
                    ARRAY(
                        SELECT c.relname::text FROM pg_class c
                        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (
                            has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
                        ORDER BY 1) AS forbidden
                FROM pg_roles r WHERE r.rolname = current_user
                """)
            guard let row = rows.first else { return .unknown("the server doesn't tell our role") }
            let role: String = try row.get("role")
            let forbidden: [String] = try row.get("forbidden")
            if !forbidden.isEmpty {
                return .fail(
                    "\(role) may not read and write \(forbidden.joined(separator: ", "))",
                    "As a superuser, in this database: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "
                        + "\"\(role)\"; better, let it own them.")
            }
            if try !row.get("may_create", as: Bool.self) {
                return .fail(
                    "\(role) may create no tables, so migrations fail",
                    "As a superuser: ALTER DATABASE ... OWNER TO \"\(role)\".")
            }
            if try row.get("is_superuser", as: Bool.self), services.settings.parts.environment != .local {
                return .warn(
                    "\(role) is a superuser, which is more than the program needs",
                    "Make a role that owns the database and nothing else, and name it in DATABASE_URL.")
            }
            return .pass("\(role) may")
        }
    }

    @Sendable private static func connections(_ services: DoctorServices) async throws -> DoctorFinding {
        let wanted = try services.settings.require(\.database, "DATABASE_...").configuration.poolSize
        return try await withAnswer {
            let rows = try await services.postgres().query(
                """
                SELECT current_setting('max_connections')::integer
                    - current_setting('superuser_reserved_connections')::integer AS limit,
                    (SELECT sum(numbackends)::integer FROM pg_stat_database) AS used
                """)
            guard let row = rows.first else { return .unknown("the server doesn't tell its limit") }
            return connections(limit: try row.get("limit"), used: try row.get("used"), wanted: wanted)
        }
    }

    static func connections(limit: Int, used: Int, wanted: Int) -> DoctorFinding {
        let reason = "\(used) of \(limit) are used, the API takes up to \(wanted)"
        if wanted > limit {
            return .fail(reason, "Lower DATABASE_POOL_SIZE, or raise max_connections in PostgreSQL and restart it.")
        }
        if limit - used < 3 {
            return .warn(
                reason, "See who has them: SELECT * FROM pg_stat_activity. Raise max_connections, or close some.")
        }
        return .pass(reason)
    }

    /// What is asked of a server that is away isn't seen.
    private static func withAnswer(_ body: () async throws -> DoctorFinding) async throws -> DoctorFinding {
        do {
            return try await body()
        } catch PostgresError.unsupportedServer {
            throw DoctorFinding.unknown("the server is too old to be asked", "See database.version.")
        } catch let error as PostgresError where error.isUnavailable {
            throw DoctorFinding.unknown("there is no connection", "See database.connection.")
        }
    }
}
