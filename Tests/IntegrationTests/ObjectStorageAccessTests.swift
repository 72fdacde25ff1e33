import FoundationEssentials
import HTTPClient
import ObjectStorage
import Platform
import Testing

/// moto, the stand-in where LocalStack can't run, takes any signature.
private let signaturesAreChecked = ConditionTrait.enabled(
    if: (try? TestEnvironment.require("TEST_S3_KIND")) != "moto", "moto checks no signatures")

@Suite(.timeLimit(.minutes(2)))
struct ObjectStorageAccessTests {
    private let log = Logger(component: "storage", sink: CollectingSink())

    @Test func presignedURLLetsABrowserReadAndWrite() async throws {
        try await ObjectStorageHarness.run { harness in
            let key = "rec ording/é+%.mp4"
            let put = try harness.storage.presignedURL(method: .put, key: key, expires: .seconds(60))
            let stored = try await harness.request("PUT", put, Array("hello".utf8))
            #expect(stored.status == 200)
            let get = try harness.storage.presignedURL(
                method: .get, key: key, expires: .seconds(60), contentDisposition: "attachment; filename=\"a b.mp4\"")
            let received = try await harness.request("GET", get)
            #expect(received.status == 200)
            #expect(received.body == Array("hello".utf8))
        }
    }

    @Test(signaturesAreChecked) func presignedURLIsForItsMethodAndKeyOnly() async throws {
        try await ObjectStorageHarness.run { harness in
            try await harness.storage.putObject("a", .bytes([1]))
            try await harness.storage.putObject("b", .bytes([2]))
            let url = try harness.storage.presignedURL(method: .get, key: "a", expires: .seconds(60))
            let written = try await harness.request("PUT", url, [3])
            #expect(written.status == 403)
            let path = "/\(harness.configuration.bucket)/"
            let other = try await harness.request("GET", replace(url, path + "a?", path + "b?"))
            #expect(other.status == 403)
        }
    }

    @Test(signaturesAreChecked) func presignedURLOfAWrongSecretIsRefused() async throws {
        try await ObjectStorageHarness.run(secretKey: "not-the-secret") { harness in
            try await harness.storage.putObject("a", .bytes([1]))
            let url = try harness.storage.presignedURL(method: .get, key: "a", expires: .seconds(60))
            let answer = try await harness.request("GET", url)
            #expect(answer.status == 403)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("SignatureDoesNotMatch"))
        }
    }

    @Test(signaturesAreChecked) func expiredPresignedURLIsRefused() async throws {
        try await ObjectStorageHarness.run { harness in
            let yesterday = ObjectStorage(
                configuration: harness.configuration, client: harness.client, now: { .now.addingTimeInterval(-86_400) })
            let url = try yesterday.presignedURL(method: .get, key: "a", expires: .seconds(60))
            let answer = try await harness.request("GET", url)
            #expect(answer.status == 403)
        }
    }

    @Test func checkMakesAMissingBucketOnlyWhenAsked() async throws {
        try await ObjectStorageHarness.run(prepared: false) { harness in
            let strict = ObjectStorageCheck(storage: harness.storage, createMissingBucket: false, log: log)
            #expect(await strict.run() == .bucketMissing)
            let local = ObjectStorageCheck(storage: harness.storage, createMissingBucket: true, log: log)
            #expect(await local.run() == .created)
            guard case .reachable = await strict.run() else {
                Issue.record("the bucket was made, yet is not reachable")
                return
            }
        }
    }

    @Test func bucketMayBeMadeTwice() async throws {
        try await ObjectStorageHarness.run { harness in
            try await harness.storage.createBucket()
        }
    }

    private func replace(_ text: String, _ part: String, _ other: String) -> String {
        guard let range = text.firstRange(of: part) else { return text }
        return String(text[..<range.lowerBound]) + other + String(text[range.upperBound...])
    }
}
