public import FoundationEssentials

/// Where one migration stands.
public struct MigrationStatus: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case applied(Date)
        case pending
        /// Applied, but its file was changed or renamed since.
        case edited(Date)
        /// Applied by a newer program: there is no file of this number.
        case unknown(Date)
    }

    public let version: Int
    public let name: String
    public let state: State

    /// The file's name, such as `0001_create_accounts.sql`.
    public var fileName: String { Migration.fileName(version: version, name: name) }
}

/// What a run of the migrations did.
public struct MigrationReport: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        public let version: Int
        public let name: String
        public let duration: Duration

        /// The file's name, such as `0001_create_accounts.sql`.
        public var fileName: String { Migration.fileName(version: version, name: name) }
    }

    /// The database's name.
    public let database: String
    /// Whether the database was missing and has been created.
    public let createdDatabase: Bool
    /// What was applied now, in order.
    public let applied: [Step]
    /// The number of the database's newest migration, which a newer program may have applied.
    public let schemaVersion: Int

    /// Whether the run found everything as it should be.
    public var isUnchanged: Bool { applied.isEmpty && !createdDatabase }
}
