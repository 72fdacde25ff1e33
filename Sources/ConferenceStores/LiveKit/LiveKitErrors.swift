import Conference
import LiveKit

/// What the stores do with the LiveKit client's errors.
enum LiveKitErrors {
    static let server = "media server"
    static let recorder = "recorder"

    /// Runs `body` and turns the client's errors into the domain's.
    ///
    /// - Parameter missing: what it is when the server says that there is no such thing.
    static func mapped<Value: Sendable>(
        missing: ConferenceError.Subject = .meeting, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as LiveKitAPIError {
            throw error.isNotFound ? ConferenceError.notFound(missing) : unavailable(error)
        }
    }

    /// Runs `body`; nil when the server says that there is no such thing.
    static func unlessMissing<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let error as LiveKitAPIError where error.isNotFound {
            return nil
        } catch let error as LiveKitAPIError {
            throw unavailable(error)
        }
    }

    /// A wrong key is the administrator's to mend; for whoever calls the service is away all the same.
    private static func unavailable(_ error: LiveKitAPIError) -> ConferenceError {
        .unavailable(service: server, cause: "\(error)")
    }
}
