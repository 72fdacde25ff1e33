import Conference
import HTTPClient
import ObjectStorage
import Platform

/// The bucket, by what the program and the recorder do with it.
enum StorageChecks {
    static let all: [DoctorCheck] = [
        .services("storage.bucket", "the bucket is there and our key opens it", bucket),
        .services("storage.objects", "an object can be written, read back and deleted", limit: .seconds(40)) {
            services in
            try await roundTrip("doctor/", services)
        },
        .services(
            "storage.recordings", "the same holds where the recorder puts recordings", limit: .seconds(40)
        ) { services in
            try await roundTrip("recordings/doctor/", services)
        },
    ]

    @Sendable private static func bucket(_ services: DoctorServices) async throws -> DoctorFinding {
        let storage = try services.storage()
        let check = ObjectStorageCheck(storage: storage, createMissingBucket: false, log: services.log)
        switch await check.probe(timeout: .seconds(5)) {
        case .reachable(let latency): return .pass("answered in \(latency.nanoseconds / 1_000_000) ms")
        case .created: return .pass("made")
        case .bucketMissing:
            return .fail(
                "\(storage.configuration.endpoint) has no bucket \(storage.configuration.bucket)",
                "Create it, or correct S3_BUCKET and S3_REGION.")
        case .accessDenied:
            return .fail(
                "\(storage.configuration.endpoint) refuses the key",
                "Correct S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION, or allow the key the bucket. New keys take minutes to work."
            )
        case .failed(let reason):
            return .fail(reason, "Check S3_ENDPOINT, and that this machine reaches it.")
        }
    }

    private static func roundTrip(_ prefix: String, _ services: DoctorServices) async throws -> DoctorFinding {
        let storage = try services.storage()
        let random = SystemRandomSource()
        let key = prefix + random.bytes(16).map { String($0, radix: 16) }.joined() + ".bin"
        let content = random.bytes(64 << 10)
        let begin = MonotonicTime.now
        do {
            try await storage.putObject(key, .bytes(content), contentType: "application/octet-stream")
        } catch {
            return failure("it could not be written", key, error)
        }
        // From here on there may be something to delete, whatever happens.
        let read = await result { try await storage.getObject(key).body.collect(upTo: content.count * 2) }
        let deletion = await result { try await storage.deleteObject(key) }
        if case .failure(let error) = deletion {
            return .fail(
                "the object \(key) could not be deleted: \(error)",
                "Allow the key to delete objects, and delete this one. Retention would fill the bucket otherwise.")
        }
        switch read {
        case .failure(let error): return failure("it could not be read back", key, error)
        case .success(let bytes) where bytes != content:
            return .fail(
                "\(key): \(bytes.count) bytes came back, others than the \(content.count) written",
                "Something between changes contents: a proxy, or S3_ENDPOINT is not what it should be.")
        case .success:
            let duration = MonotonicTime.now.duration(since: begin)
            return .pass("64 KiB written, read and deleted in \(duration.nanoseconds / 1_000_000) ms")
        }
    }

    private static func result<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        // Not cancelled with whoever waits for it: the deletion must come.
        await Task { try await body() }.result
    }

    private static func failure(_ what: String, _ key: String, _ error: any Error) -> DoctorFinding {
        .fail(
            "\(what) (\(key)): \(error)",
            "See storage.bucket; if that passes, the key lacks the right to write, read or delete objects there.")
    }
}
