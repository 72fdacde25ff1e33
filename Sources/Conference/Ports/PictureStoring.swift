import FoundationEssentials

/// Where the bytes of pictures are kept. Every function may throw `ConferenceError.unavailable`.
public protocol PictureStoring: Sendable {
    func put(_ bytes: [UInt8], at key: String, contentType: String) async throws
    /// Nil when there is no such object.
    func bytes(at key: String, limit: Int) async throws -> [UInt8]?
    /// Deleting what isn't there is no error.
    func delete(_ key: String) async throws
    /// An address from which a browser may fetch the object for a while. Secret.
    func address(of key: String, contentType: String, for lifetime: Duration) throws -> String
    /// Calls `body` with the keys of all objects below `prefix` that were stored before `moment`, some at a time.
    func keys(below prefix: String, before moment: Date, _ body: @Sendable ([String]) async throws -> Void) async throws
}
