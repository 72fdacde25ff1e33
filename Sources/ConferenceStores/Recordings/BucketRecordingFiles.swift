import Conference
import ObjectStorage

/// Recordings' files in the bucket.
public struct BucketRecordingFiles: RecordingFileStoring {
    private let storage: ObjectStorage

    public init(_ storage: ObjectStorage) {
        self.storage = storage
    }

    public func size(of key: String) async throws -> Int? {
        try await StorageError.mapped {
            do {
                return try await storage.headObject(key).length
            } catch let error as ObjectStorageError where error.isNotFound {
                return nil
            }
        }
    }

    public func delete(_ key: String) async throws {
        try await StorageError.mapped { try await storage.deleteObject(key) }
    }

    public func address(
        of key: String, contentType: String, disposition: String, for lifetime: Duration
    ) throws -> String {
        do {
            return try storage.presignedURL(
                method: .get, key: key, expires: lifetime, contentType: contentType, contentDisposition: disposition)
        } catch {
            throw ConferenceError.unexpected(cause: "presigned URL: \(error)")
        }
    }
}
