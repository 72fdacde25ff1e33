/// The bucket that the recorder writes to. Every function may throw `ConferenceError.unavailable`.
public protocol RecordingFileStoring: Sendable {
    /// Bytes of the object; nil when there is none.
    func size(of key: String) async throws -> Int?
    /// Deletes an object; one that isn't there counts as deleted.
    func delete(_ key: String) async throws
    /// A URL with which anyone can read the object for a while. Secret: never in a log.
    ///
    /// - Parameter disposition: what the answer's Content-Disposition shall say.
    func address(
        of key: String, contentType: String, disposition: String, for lifetime: Duration
    ) throws -> String
}
