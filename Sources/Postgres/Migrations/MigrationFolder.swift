import FoundationEssentials

/// Reads the folder of migrations: numbers from 1 without gaps and without doubles.
enum MigrationFolder {
    /// - Throws: ``MigrationError`` that names the file and what is wrong with it.
    static func load(_ path: String) throws -> [Migration] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw MigrationError.unreadable(path: path, reason: "it is no folder that this user may read")
        }
        let migrations = try names.filter { $0.hasSuffix(".sql") }.sorted().map { name in
            guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else {
                throw MigrationError.unreadable(path: "\(path)/\(name)", reason: "it can't be read")
            }
            return try Migration(fileName: name, bytes: [UInt8](data))
        }
        return try ordered(migrations, path: path)
    }

    static func ordered(_ migrations: [Migration], path: String) throws -> [Migration] {
        guard !migrations.isEmpty else {
            throw MigrationError.unreadable(path: path, reason: "it contains no migration")
        }
        let sorted = migrations.sorted { ($0.version, $0.name) < ($1.version, $1.name) }
        for (migration, next) in zip(sorted, sorted.dropFirst()) where migration.version == next.version {
            throw MigrationError.duplicate(files: [migration.fileName, next.fileName])
        }
        for (index, migration) in sorted.enumerated() where migration.version != index + 1 {
            throw MigrationError.gap(missing: index + 1, file: migration.fileName)
        }
        return sorted
    }
}
