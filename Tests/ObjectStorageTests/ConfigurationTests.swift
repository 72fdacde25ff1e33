import ObjectStorage
import Testing

struct ConfigurationTests {
    private func problems(
        endpoint: String = "http://localhost:4566", accessKey: String = "key", secretKey: String = "secret",
        bucket: String = "recordings", region: String = "us-east-1"
    ) -> [ObjectStorageConfigurationError] {
        ObjectStorageConfiguration.problems(
            endpoint: endpoint, accessKey: accessKey, secretKey: secretKey, bucket: bucket, region: region)
    }

    @Test(arguments: [
        ("http://localhost:4566", "http://localhost:4566"), ("http://127.0.0.1:4566/", "http://127.0.0.1:4566"),
        ("HTTPS://S3.Example.com:443", "https://s3.example.com"), ("http://s3:80", "http://s3"),
        ("https://[::1]:9000", "https://[::1]:9000"),
    ])
    func usableEndpointIsNormalised(endpoint: String, normalised: String) throws {
        let configuration = try ObjectStorageConfiguration(
            endpoint: endpoint, accessKey: "k", secretKey: "s", bucket: "b", region: "us-east-1")
        #expect(configuration.endpoint == normalised)
    }

    @Test(arguments: [
        ("localhost:4566", "http://localhost:4566"), ("s3.example.com", "https://s3.example.com"),
        (
            "ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
            "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        ),
        ("s3://recordings", "https://recordings"), ("", "https://storage.example.com"),
    ])
    func endpointWithoutSchemeNamesTheRightSpelling(endpoint: String, right: String) {
        #expect(problems(endpoint: endpoint) == [.missingScheme(suggestion: right)])
    }

    @Test(arguments: [
        "https://ns1.compat.objectstorage.eu-frankfurt-1.oci.customer-oci.com",
        "http://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
        "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com:8443",
        "https://ns1.vhcompat.objectstorage.eu-frankfurt-1.oci.customer-oci.com",
        "https://recordings.ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
    ])
    func oracleEndpointThatBreaksUploadsNamesTheRightSpelling(endpoint: String) {
        let right = "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        let found = problems(endpoint: endpoint, region: "eu-frankfurt-1")
        #expect(found == [.wrongOracleEndpoint(found: endpoint, suggestion: right)])
        #expect(found.first.map(String.init(describing:))?.contains(right) == true)
    }

    @Test(arguments: [
        "https://objectstorage.eu-frankfurt-1.oraclecloud.com",
        "https://swiftobjectstorage.eu-frankfurt-1.oraclecloud.com",
    ])
    func oracleEndpointOfAnotherInterfaceIsRefused(endpoint: String) {
        let right = "https://<namespace>.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        #expect(
            problems(endpoint: endpoint, region: "eu-frankfurt-1")
                == [.wrongOracleEndpoint(found: endpoint, suggestion: right)])
    }

    @Test(arguments: ["", "/", ":443"])
    func rightOracleEndpointIsTaken(ending: String) {
        let endpoint = "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com" + ending
        #expect(problems(endpoint: endpoint, region: "eu-frankfurt-1") == [])
    }

    @Test func regionMustBeThatOfOraclesEndpoint() {
        let endpoint = "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        #expect(
            problems(endpoint: endpoint, region: "us-east-1")
                == [.regionDiffersFromEndpoint(region: "us-east-1", endpointRegion: "eu-frankfurt-1")])
    }

    @Test(arguments: [
        ("http://localhost:4566/recordings", "http://localhost:4566"), ("http://h?x=1", "http://h"),
        ("http://h#x", "http://h"), ("http://key:secret@h:1", "http://h:1"),
        ("https://", "https://storage.example.com"),
        ("http://h:0", "http://storage.example.com"), ("http://h:x", "http://storage.example.com"),
        ("http://a b", "http://storage.example.com"), ("http://h\r\n", "http://storage.example.com"),
        (
            "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com/b",
            "https://ns1.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        ),
    ])
    func endpointWithMoreThanHostAndPortIsRefused(endpoint: String, right: String) {
        let found = problems(endpoint: endpoint)
        #expect(found == [.notPlainEndpoint(suggestion: right)])
        #expect(!found.description.contains("secret"))
    }

    @Test func allProblemsAreReportedAtOnce() {
        let found = problems(
            endpoint: "localhost", accessKey: "", secretKey: "a b", bucket: "a/b", region: "Frankfurt!")
        #expect(
            found.map(\.variable) == ["S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET", "S3_REGION"])
    }

    @Test(arguments: ["", ".", "..", "a b", "a\nb", "ä", String(repeating: "a", count: 256)])
    func unusableBucketNameIsRefused(bucket: String) {
        #expect(problems(bucket: bucket) == [.unusableBucket(bucket)])
    }

    @Test(arguments: ["recordings", "My_Bucket.2", "a"])
    func usableBucketNameIsTaken(bucket: String) { #expect(problems(bucket: bucket) == []) }
}
