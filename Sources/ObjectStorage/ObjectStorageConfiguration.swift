/// Where the objects are, and with which key they are reached. Requests use the path style: `endpoint/bucket/key`.
public struct ObjectStorageConfiguration: Sendable {
    /// `scheme://host` with the port where it is not the scheme's own; lower case, nothing behind.
    public let endpoint: String
    public let accessKey: String
    public let secretKey: String
    public let bucket: String
    public let region: String

    /// The endpoint without its scheme: the Host header.
    let host: String

    /// - Throws: the first of ``problems(endpoint:accessKey:secretKey:bucket:region:)``.
    public init(
        endpoint: String, accessKey: String, secretKey: String, bucket: String, region: String
    ) throws(ObjectStorageConfigurationError) {
        let parsed = try ObjectStorageEndpoint(endpoint, region: region)
        let problems = ObjectStorageConfiguration.problems(
            endpoint: endpoint, accessKey: accessKey, secretKey: secretKey, bucket: bucket, region: region)
        if let first = problems.first { throw first }
        self.endpoint = parsed.url
        host = parsed.authority
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.bucket = bucket
        self.region = region
    }

    /// Everything that is wrong with the values, each with what to write instead.
    public static func problems(
        endpoint: String, accessKey: String, secretKey: String, bucket: String, region: String
    ) -> [ObjectStorageConfigurationError] {
        var problems: [ObjectStorageConfigurationError] = []
        do {
            _ = try ObjectStorageEndpoint(endpoint, region: region)
        } catch {
            problems.append(error)
        }
        if !isPlainText(accessKey) { problems.append(.unusableAccessKey) }
        if !isPlainText(secretKey) { problems.append(.unusableSecretKey) }
        if !isBucketName(bucket) { problems.append(.unusableBucket(bucket)) }
        if region.isEmpty || !region.utf8.allSatisfy({ isLowercaseOrDigit($0) || $0 == UInt8(ascii: "-") }) {
            problems.append(.unusableRegion(region))
        }
        return problems
    }

    private static func isPlainText(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// What both Amazon's and Oracle's naming rules leave in a path-style URL.
    private static func isBucketName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool { isLowercaseOrDigit(byte) || byte >= 0x41 && byte <= 0x5a }

func isLowercaseOrDigit(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a || byte >= 0x30 && byte <= 0x39 }
