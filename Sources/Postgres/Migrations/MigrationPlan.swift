import FoundationEssentials

/// A row of `schema_migrations`.
struct AppliedMigration: Hashable, Sendable {
    let version: Int
    let name: String
    let checksum: String
    let appliedAt: Date
    /// As ``Migration/compatibleFrom``.
    var compatibleFrom: Int?
}

/// What a folder of migrations means for a database in a given state.
struct MigrationPlan {
    let migrations: [Migration]
    let applied: [AppliedMigration]

    /// The migrations to apply, in order.
    ///
    /// - Throws: ``MigrationError`` when an applied file was changed, or the database is so far ahead of the folder that this
    ///   program can't serve it.
    func pending() throws -> [Migration] {
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.version, $0) })
        if let tooNew = ahead.first(where: { newest < $0.compatibleFrom ?? $0.version }) {
            throw MigrationError.schemaNewer(found: tooNew.version, known: newest)
        }
        for record in applied where record.version <= newest {
            guard let migration = known[record.version] else {
                throw MigrationError.missingRecord(version: record.version)
            }
            guard migration.checksum == record.checksum, migration.name == record.name else {
                throw MigrationError.edited(
                    file: migration.fileName,
                    applied: Migration.fileName(version: record.version, name: record.name))
            }
        }
        let done = Set(applied.map(\.version))
        let pending = migrations.filter { !done.contains($0.version) }
        if let newestDone = done.max(), let first = pending.first, first.version < newestDone {
            throw MigrationError.missingRecord(version: first.version)
        }
        return pending
    }

    /// What a newer program has applied.
    var ahead: [AppliedMigration] { applied.filter { $0.version > newest } }

    private var newest: Int { migrations.last?.version ?? 0 }

    var status: [MigrationStatus] {
        let records = Dictionary(uniqueKeysWithValues: applied.map { ($0.version, $0) })
        let known = Set(migrations.map(\.version))
        let listed = migrations.map { migration -> MigrationStatus in
            guard let record = records[migration.version] else {
                return MigrationStatus(version: migration.version, name: migration.name, state: .pending)
            }
            let isSame = record.checksum == migration.checksum && record.name == migration.name
            return MigrationStatus(
                version: migration.version, name: migration.name,
                state: isSame ? .applied(record.appliedAt) : .edited(record.appliedAt))
        }
        let unknown = applied.filter { !known.contains($0.version) }.map {
            MigrationStatus(version: $0.version, name: $0.name, state: .unknown($0.appliedAt))
        }
        return listed + unknown.sorted { $0.version < $1.version }
    }
}
