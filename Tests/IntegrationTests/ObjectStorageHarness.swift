import HTTPClient
import ObjectStorage
import Platform

/// The storage under test with a bucket of its own.
struct ObjectStorageHarness {
    let client: HTTPClient
    let storage: ObjectStorage
    let configuration: ObjectStorageConfiguration

    /// Runs a test on a loop of its own; `prepared` says whether the bucket is made first.
    static func run(
        prepared: Bool = true, secretKey: String? = nil, _ body: (ObjectStorageHarness) async throws -> Void
    ) async throws {
        let configuration = try ObjectStorageConfiguration(
            endpoint: TestEnvironment.require("TEST_S3_ENDPOINT"),
            accessKey: TestEnvironment.require("TEST_S3_ACCESS_KEY"),
            secretKey: secretKey ?? TestEnvironment.require("TEST_S3_SECRET_KEY"),
            bucket: "test-\(UInt64.random(in: 0 ... .max))", region: "us-east-1")
        let loop = try EventLoop(name: "storage")
        try loop.start()
        let client = HTTPClient(loops: [loop])
        let harness = ObjectStorageHarness(
            client: client, storage: ObjectStorage(configuration: configuration, client: client),
            configuration: configuration)
        let result: Result<Void, any Error>
        do {
            if prepared { try await harness.storage.createBucket() }
            result = .success(try await body(harness))
        } catch {
            result = .failure(error)
        }
        await client.stop()
        loop.stop()
        try result.get()
    }

    /// The status and the body of a plain request, as a browser would send it.
    func request(_ method: String, _ url: String, _ body: [UInt8]? = nil) async throws -> (status: Int, body: [UInt8]) {
        let request = HTTPClientRequest(method: method, url: url, body: body.map { .bytes($0) } ?? .none)
        let response = try await client.execute(request)
        return (response.status, try await response.body.collect(upTo: 1 << 20))
    }
}
