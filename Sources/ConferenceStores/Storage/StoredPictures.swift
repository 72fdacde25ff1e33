import Conference
import FoundationEssentials
import HTTPClient
import ObjectStorage

/// Pictures in the bucket.
public struct StoredPictures: PictureStoring {
    private let storage: ObjectStorage

    public init(_ storage: ObjectStorage) {
        self.storage = storage
    }

    public func put(_ bytes: [UInt8], at key: String, contentType: String) async throws {
        try await StorageError.mapped { _ = try await storage.putObject(key, .bytes(bytes), contentType: contentType) }
    }

    public func bytes(at key: String, limit: Int) async throws -> [UInt8]? {
        try await StorageError.mapped {
            do {
                return try await storage.getObject(key).body.collect(upTo: limit)
            } catch let error as ObjectStorageError where error.isNotFound {
                return nil
            }
        }
    }

    public func delete(_ key: String) async throws {
        try await StorageError.mapped { try await storage.deleteObject(key) }
    }

    public func address(of key: String, contentType: String, for lifetime: Duration) throws -> String {
        // Never shown as a page of the storage's origin, whatever is in it.
        do {
            return try storage.presignedURL(
                method: .get, key: key, expires: lifetime, contentType: contentType, contentDisposition: "attachment")
        } catch {
            throw ConferenceError.unexpected(cause: "\(error)")
        }
    }

    public func keys(
        below prefix: String, before moment: Date, _ body: @Sendable ([String]) async throws -> Void
    ) async throws {
        var continuation: String?
        repeat {
            let page = try await StorageError.mapped { [continuation] in
                try await storage.listObjects(prefix: prefix, continuation: continuation)
            }
            // What has no time is taken for new.
            try await body(page.entries.filter { ($0.lastModified ?? moment) < moment }.map(\.key))
            continuation = page.continuation
        } while continuation != nil
    }
}
