import Platform

/// Makes the database of a configuration, from the server's maintenance database `postgres` and with the same credentials.
struct DatabaseCreator {
    private static let limit = Duration.seconds(15)

    let configuration: PostgresConfiguration
    let loop: EventLoop

    /// - Throws: ``PostgresError`` when neither the database nor the maintenance database lets us in.
    func exists() async throws -> Bool {
        do {
            let channel = try await PostgresChannel.open(configuration, loop: loop)
            channel.close(.unavailable("the check is done"))
            return true
        } catch let error as PostgresError where error.isUnavailable {
            // libpq gives no error code for a refused connection, only text in the server's language: ask the server.
            guard let found = try? await isListed() else { throw error }
            if found { throw error }
            return false
        }
    }

    /// - Returns: whether it was missing.
    func createIfMissing() async throws -> Bool {
        if try await exists() { return false }
        let started = MonotonicTime.now
        while true {
            do {
                return try await create()
            } catch let error as PostgresError {
                // Another program makes it at the same time, or copies the template that ours needs.
                guard case .server = error, MonotonicTime.now.duration(since: started) < Self.limit else { throw error }
                if try await isListed() { return false }
                guard error.sqlState == Self.objectInUse else { throw error }
                try await loop.sleep(for: .milliseconds(200))
            }
        }
    }

    private static let objectInUse = SQLState(rawValue: "55006")

    private func create() async throws -> Bool {
        try await withMaintenance { connection in
            let name = configuration.database.replacing("\"", with: "\"\"")
            try await connection.execute("CREATE DATABASE \"\(name)\" TEMPLATE template0 ENCODING 'UTF8'")
            return true
        }
    }

    private func isListed() async throws -> Bool {
        try await withMaintenance { connection in
            let rows = try await connection.query(
                "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS found", [configuration.database])
            return try rows.first?.get("found", as: Bool.self) ?? false
        }
    }

    private func withMaintenance<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await PostgresChannel.open(configuration.with(database: "postgres"), loop: loop)
        defer { channel.close(.unavailable("the maintenance is done")) }
        return try await body(PostgresConnection(channel: channel, lease: channel.lease))
    }
}
