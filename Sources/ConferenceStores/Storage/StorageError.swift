import Conference
import HTTPClient
import ObjectStorage

/// What a store does with errors of the object storage and the way there.
enum StorageError {
    /// Runs `body` and turns the clients' errors into the domain's.
    static func mapped<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ObjectStorageError {
            throw ConferenceError.unavailable(service: "object storage", cause: "\(error)")
        } catch let error as HTTPClientError {
            throw ConferenceError.unavailable(service: "object storage", cause: "\(error)")
        }
    }
}
