import HTTPClient

/// Why an operation on the storage failed.
public enum ObjectStorageError: Error, Sendable {
    /// The storage refused, with its own code (`NoSuchKey`, `AccessDenied`, ...).
    case refused(Refusal)
    /// The storage could not be reached, or the connection broke.
    case unavailable(operation: String, cause: HTTPClientError)
    /// The storage's answer is not what the S3 API promises.
    case invalidAnswer(operation: String, reason: String)
    /// The call itself can't work.
    case invalidArgument(reason: String)

    public struct Refusal: Hashable, Sendable {
        public let operation: String
        public let status: Int
        /// S3's error code; made from the status when the answer had no body, as for HEAD.
        public let code: String
        public let message: String
        /// For the provider's support.
        public let requestID: String?
    }

    /// There is no such object, bucket or upload.
    public var isNotFound: Bool {
        if case .refused(let refusal) = self { refusal.status == 404 } else { false }
    }

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .refused(let refusal): "object_storage.refused.\(refusal.code)"
        case .unavailable: "object_storage.unavailable"
        case .invalidAnswer: "object_storage.invalid_answer"
        case .invalidArgument: "object_storage.invalid_argument"
        }
    }
}

extension ObjectStorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let refusal):
            "Object storage refused \(refusal.operation): \(refusal.code) (status \(refusal.status)): \(refusal.message)"
                + (refusal.requestID.map { " [request \($0)]" } ?? "")
        case .unavailable(let operation, let cause): "Object storage is not available for \(operation): \(cause)"
        case .invalidAnswer(let operation, let reason): "Object storage gave no valid answer to \(operation): \(reason)"
        case .invalidArgument(let reason): "The call to object storage can't work: \(reason)"
        }
    }
}
