/// Why migrations can't be applied. Each message names the file and says what to do.
public enum MigrationError: Error, Sendable {
    case unreadable(path: String, reason: String)
    case badName(file: String)
    case notText(file: String)
    case badMark(file: String, highest: Int)
    case noChecksum
    case duplicate(files: [String])
    case gap(missing: Int, file: String)
    case edited(file: String, applied: String)
    case missingRecord(version: Int)
    case schemaNewer(found: Int, known: Int)
    case locked(waited: Duration)
    case transactionControl(file: String)
    case failed(file: String, line: Int?, cause: any Error)
    case pending(files: [String])
    case databaseMissing(name: String)
}

extension MigrationError {
    /// A stable code for programs.
    public var code: String {
        switch self {
        case .unreadable: "migration.unreadable"
        case .badName: "migration.bad_name"
        case .notText: "migration.not_text"
        case .badMark: "migration.bad_mark"
        case .noChecksum: "migration.no_checksum"
        case .duplicate: "migration.duplicate"
        case .gap: "migration.gap"
        case .edited: "migration.edited"
        case .missingRecord: "migration.missing_record"
        case .schemaNewer: "migration.schema_newer"
        case .locked: "migration.locked"
        case .transactionControl: "migration.transaction_control"
        case .failed: "migration.failed"
        case .pending: "migration.pending"
        case .databaseMissing: "migration.database_missing"
        }
    }

    /// Whether it may pass without anybody having changed a migration: the database was busy, full, away, or is yet to be
    /// migrated.
    public var mayPass: Bool {
        switch self {
        case .locked, .pending, .databaseMissing: true
        case .failed(_, _, let cause as PostgresError):
            cause.isUnavailable || cause.isRetryable || cause.sqlState == .lockNotAvailable
                || Self.passingClasses.contains(cause.sqlState?.errorClass ?? "")
        default: false
        }
    }

    /// Insufficient resources, operator intervention, errors of the system outside of PostgreSQL.
    private static let passingClasses: Set<String> = ["53", "57", "58"]
}

extension MigrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "migrations at \(path): \(reason); set MIGRATIONS_DIR to the folder"
        case .badName(let file):
            "migration \(file): the name must be four digits and words, such as 0007_add_meeting_title.sql; rename it"
        case .notText(let file): "migration \(file): it isn't UTF-8 text; save it as such"
        case .badMark(let file, let highest):
            "migration \(file): after compatible-from: there must be the number of an earlier migration, 1 to \(highest)"
        case .noChecksum: "OpenSSL offers no SHA-256; check its configuration"
        case .duplicate(let files):
            "migrations \(files.joined(separator: " and ")) have the same number; give the newer one the next free number"
        case .gap(let missing, let file):
            "migration \(file): number \(missing) is missing before it; restore that file, or renumber if none was applied"
        case .edited(let file, let applied):
            "migration \(file) was changed after it had been applied (as \(applied)); restore the file as it was and put "
                + "the change into a new migration"
        case .missingRecord(let version):
            "the database has later migrations but not number \(version); restore the folder it was migrated with"
        case .schemaNewer(let found, let known):
            "the database is at migration \(found), which a program that knows up to \(known) can't serve; install a newer "
                + "program, or restore a backup made before the upgrade"
        case .locked(let waited):
            "another program is migrating this database and didn't end within \(waited); wait for it, then run again"
        case .transactionControl(let file):
            "migration \(file) ends its transaction by itself; remove COMMIT, ROLLBACK and BEGIN from it, and check what "
                + "it has left in the database"
        case .failed(let file, let line, let cause):
            "migration \(file)\(line.map { ", line \($0)" } ?? "") failed and was rolled back: \(cause)"
        case .pending(let files):
            "the database lacks \(files.joined(separator: ", ")); run livekit-conference migrate"
        case .databaseMissing(let name): "the database \(name) doesn't exist; run livekit-conference migrate"
        }
    }
}
