import HTTPClient
import Platform

/// Looks whether the bucket can be used: at start, and for the health report.
public struct ObjectStorageCheck: Sendable {
    public enum Outcome: Hashable, Sendable {
        case reachable(latency: Duration)
        /// It was missing and has been made.
        case created
        case bucketMissing
        /// The key is wrong, or has no right to the bucket.
        case accessDenied
        case failed(reason: String)

        public var isUsable: Bool {
            switch self {
            case .reachable, .created: true
            case .bucketMissing, .accessDenied, .failed: false
            }
        }
    }

    private let storage: ObjectStorage
    private let createMissingBucket: Bool
    private let log: Logger

    /// - Parameter createMissingBucket: for local development.
    public init(storage: ObjectStorage, createMissingBucket: Bool, log: Logger) {
        self.storage = storage
        self.createMissingBucket = createMissingBucket
        self.log = log
    }

    /// Asks once, without a log entry and without making anything.
    public func probe(timeout: Duration = .seconds(2)) async -> Outcome {
        var timeouts = storage.timeouts
        timeouts.request = timeout
        let once = storage.with(retry: .none, timeouts: timeouts)
        let begin = MonotonicTime.now
        do {
            try await once.headBucket()
            return .reachable(latency: MonotonicTime.now.duration(since: begin))
        } catch {
            return ObjectStorageCheck.outcome(of: error)
        }
    }

    /// Checks the bucket, makes it where that was asked for, and logs what came of it.
    public func run() async -> Outcome {
        var outcome = await probe(timeout: .seconds(5))
        if outcome == .bucketMissing, createMissingBucket {
            do {
                try await storage.createBucket()
                outcome = .created
            } catch {
                outcome = ObjectStorageCheck.outcome(of: error)
            }
        }
        report(outcome)
        return outcome
    }

    static func outcome(of error: any Error) -> Outcome {
        if case ObjectStorageError.refused(let refusal) = error {
            if refusal.status == 404 { return .bucketMissing }
            if refusal.status == 403 || refusal.status == 401 { return .accessDenied }
        }
        return .failed(reason: String(describing: error))
    }

    private func report(_ outcome: Outcome) {
        let configuration = storage.configuration
        var fields: Logger.Fields = ["endpoint": configuration.endpoint, "bucket": configuration.bucket]
        switch outcome {
        case .reachable(let latency):
            fields["latency_ms"] = "\(latency.nanoseconds / 1_000_000)"
            log.info("object storage reachable", fields)
        case .created: log.notice("object storage reachable, missing bucket created", fields)
        case .bucketMissing: log.error("object storage has no such bucket: create it, or correct S3_BUCKET", fields)
        case .accessDenied:
            log.error(
                "object storage refuses the key: correct S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION, or allow the bucket",
                fields)
        case .failed(let reason):
            fields["reason"] = reason
            log.error("object storage not usable", fields)
        }
    }
}
