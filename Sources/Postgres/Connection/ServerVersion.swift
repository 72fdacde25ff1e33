/// Decides whether a server is new enough.
enum ServerVersion {
    /// - Parameters:
    ///   - number: as `PQserverVersion` counts: 18.1 is 180001.
    ///   - name: as the server calls itself.
    /// - Throws: ``PostgresError/unsupportedServer(found:required:)``
    static func check(
        _ number: Int32, name: String?, required: Int32 = PostgresConfiguration.requiredServerVersion
    ) throws {
        guard number < required else { return }
        throw PostgresError.unsupportedServer(found: name ?? describe(number), required: describe(required))
    }

    /// Since version 10 the last four digits are the minor version.
    static func describe(_ number: Int32) -> String { "\(number / 10_000).\(number % 10_000)" }
}
