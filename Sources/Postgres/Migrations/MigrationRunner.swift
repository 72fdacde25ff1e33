import Platform

/// Brings a database's schema to the state that the program needs: forward only, each file in one transaction.
///
/// What was applied is recorded in the table `schema_migrations`. Several runners at once are safe: an advisory lock lets
/// one work while the others wait, and then find nothing to do.
public struct MigrationRunner: Sendable {
    /// The longest time that one statement of a migration may take.
    public var statementTimeout = Duration.seconds(1800)
    /// The longest wait for a lock on a table that others use.
    public var tableLockTimeout = Duration.seconds(30)
    /// The longest wait for another runner.
    public var runnerLockTimeout = Duration.seconds(60)

    /// Any constant will do; nobody else may use it for anything else in this database.
    private static let lockKey = 7_165_221_943_380_105_216
    /// How often the server looks, while it runs a statement, whether this program is still there: in milliseconds.
    ///
    /// Without it, a statement of a program that was killed goes on to its end and keeps the lock until then.
    private static let connectionCheck = 1000
    private static let lockPause = Duration.milliseconds(200)

    private let directory: String
    private let configuration: PostgresConfiguration
    private let loop: EventLoop
    private let log: Logger

    /// - Parameters:
    ///   - directory: the folder of `NNNN_verb_object.sql`.
    ///   - configuration: the database to migrate.
    ///   - loop: where the one connection lives.
    public init(directory: String, configuration: PostgresConfiguration, loop: EventLoop, log: Logger) {
        self.directory = directory
        self.configuration = configuration
        self.loop = loop
        self.log = log
    }

    // MARK: Front doors

    /// Applies what is pending. Creates the database when it is missing.
    ///
    /// - Throws: ``MigrationError``, or ``PostgresError`` when the server can't be used.
    public func migrate() async throws -> MigrationReport {
        let migrations = try MigrationFolder.load(directory)
        return try await withTaskExecutorPreference(loop) {
            let isNew = try await DatabaseCreator(configuration: configuration, loop: loop).createIfMissing()
            if isNew { log.notice("database created", ["database": configuration.database]) }
            return try await withConnection { connection in
                try await connection.execute("SET client_connection_check_interval = \(Self.connectionCheck)")
                try await lock(connection)
                let steps = try await apply(migrations, on: connection)
                return MigrationReport(
                    database: configuration.database, createdDatabase: isNew, applied: steps,
                    schemaVersion: try await applied(on: connection).last?.version ?? 0)
            }
        }
    }

    /// Where every migration stands, without changing anything.
    public func status() async throws -> [MigrationStatus] {
        let migrations = try MigrationFolder.load(directory)
        return try await withTaskExecutorPreference(loop) {
            guard try await DatabaseCreator(configuration: configuration, loop: loop).exists() else {
                return MigrationPlan(migrations: migrations, applied: []).status
            }
            return try await withConnection { connection in
                MigrationPlan(migrations: migrations, applied: try await applied(on: connection)).status
            }
        }
    }

    /// Checks that the schema is the one this program was made for, or a newer one that it can serve.
    ///
    /// - Throws: ``MigrationError`` when something is pending, edited or too new.
    public func verify() async throws {
        let migrations = try MigrationFolder.load(directory)
        try await withTaskExecutorPreference(loop) {
            guard try await DatabaseCreator(configuration: configuration, loop: loop).exists() else {
                throw MigrationError.databaseMissing(name: configuration.database)
            }
            try await withConnection { connection in
                let plan = MigrationPlan(migrations: migrations, applied: try await applied(on: connection))
                let pending = try plan.pending()
                guard pending.isEmpty else { throw MigrationError.pending(files: pending.map(\.fileName)) }
                if let newest = plan.ahead.last {
                    log.notice(
                        "a newer program has migrated the database; this one can serve it all the same",
                        ["migration": Migration.fileName(version: newest.version, name: newest.name)])
                }
            }
        }
    }

    // MARK: Inside

    private func withConnection<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        configuration.statementTimeout = statementTimeout
        let channel = try await PostgresChannel.open(configuration, loop: loop)
        defer { channel.close(.unavailable("the migrations are done")) }
        return try await body(PostgresConnection(channel: channel, lease: channel.lease))
    }

    /// The lock belongs to the connection, so the server lifts it whatever becomes of this program.
    private func lock(_ connection: PostgresConnection) async throws {
        let started = MonotonicTime.now
        while true {
            let rows = try await connection.query("SELECT pg_try_advisory_lock($1) AS locked", [Self.lockKey])
            if try rows.first?.get("locked", as: Bool.self) == true { return }
            guard MonotonicTime.now.duration(since: started) < runnerLockTimeout else {
                throw MigrationError.locked(waited: runnerLockTimeout)
            }
            try await loop.sleep(for: Self.lockPause)
        }
    }

    private func apply(
        _ migrations: [Migration], on connection: PostgresConnection
    ) async throws -> [MigrationReport.Step] {
        try await connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY CHECK (version > 0),
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(),
                duration_ms bigint NOT NULL
            )
            """)
        try await connection.execute(
            """
            ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS
                compatible_from integer CHECK (compatible_from BETWEEN 1 AND version - 1)
            """)
        try await connection.execute("SET lock_timeout = \(tableLockTimeout.wholeMilliseconds)")
        let plan = MigrationPlan(migrations: migrations, applied: try await applied(on: connection))
        var steps: [MigrationReport.Step] = []
        for migration in try plan.pending() {
            let duration = try await apply(migration, on: connection)
            steps.append(.init(version: migration.version, name: migration.name, duration: duration))
            log.info(
                "migration applied",
                ["file": migration.fileName, "duration_ms": "\(duration.wholeMilliseconds)"])
        }
        return steps
    }

    private func apply(_ migration: Migration, on connection: PostgresConnection) async throws -> Duration {
        let started = MonotonicTime.now
        do {
            return try await connection.withTransaction { transaction in
                let before = try await transactionID(transaction)
                try await transaction.executeScript(migration.sql)
                guard transaction.channel.isInTransaction, try await transactionID(transaction) == before else {
                    throw MigrationError.transactionControl(file: migration.fileName)
                }
                let duration = MonotonicTime.now.duration(since: started)
                try await transaction.execute(
                    """
                    INSERT INTO schema_migrations (version, name, checksum, duration_ms, compatible_from)
                    VALUES ($1, $2, $3, $4, $5)
                    """,
                    [
                        migration.version, migration.name, migration.checksum, Int(duration.wholeMilliseconds),
                        migration.compatibleFrom,
                    ])
                return duration
            }
        } catch let error as MigrationError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw MigrationError.failed(
                file: migration.fileName, line: line(of: error, in: migration.sql), cause: error)
        }
    }

    private func transactionID(_ connection: PostgresConnection) async throws -> String? {
        try await connection.query("SELECT pg_current_xact_id()::text AS id").first?.get("id")
    }

    private func applied(on connection: PostgresConnection) async throws -> [AppliedMigration] {
        let found = try await connection.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS found")
        guard try found.first?.get("found", as: Bool.self) == true else { return [] }
        // By the row as a whole, because a table that an older program made lacks the column.
        let rows = try await connection.query(
            """
            SELECT version, name, checksum, applied_at, (to_jsonb(m) ->> 'compatible_from')::integer AS compatible_from
            FROM schema_migrations m ORDER BY version
            """)
        return try rows.map { row in
            AppliedMigration(
                version: try row.get("version"), name: try row.get("name"), checksum: try row.get("checksum"),
                appliedAt: try row.get("applied_at"), compatibleFrom: try row.get("compatible_from"))
        }
    }

    /// The server counts characters of the whole script; people count lines.
    private func line(of error: any Error, in script: String) -> Int? {
        guard case .server(let server)? = error as? PostgresError, let position = server.position else { return nil }
        return 1 + script.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
    }
}
