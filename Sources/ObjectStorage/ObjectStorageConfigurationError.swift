/// A value of the configuration that can't work, with what to write instead.
public enum ObjectStorageConfigurationError: Error, Hashable, Sendable {
    case missingScheme(suggestion: String)
    /// More than a host and a port: a path, a query, credentials, or characters that no host has.
    case notPlainEndpoint(suggestion: String)
    /// Oracle's storage under a name or a scheme with which uploads break.
    case wrongOracleEndpoint(found: String, suggestion: String)
    /// Oracle checks the signature against the region of the endpoint.
    case regionDiffersFromEndpoint(region: String, endpointRegion: String)
    case unusableAccessKey
    case unusableSecretKey
    case unusableBucket(String)
    case unusableRegion(String)

    /// The environment variable that holds the value.
    public var variable: String {
        switch self {
        case .missingScheme, .notPlainEndpoint, .wrongOracleEndpoint: "S3_ENDPOINT"
        case .regionDiffersFromEndpoint, .unusableRegion: "S3_REGION"
        case .unusableAccessKey: "S3_ACCESS_KEY"
        case .unusableSecretKey: "S3_SECRET_KEY"
        case .unusableBucket: "S3_BUCKET"
        }
    }

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .missingScheme: "object_storage.endpoint_without_scheme"
        case .notPlainEndpoint: "object_storage.endpoint_not_plain"
        case .wrongOracleEndpoint: "object_storage.oracle_endpoint"
        case .regionDiffersFromEndpoint: "object_storage.region_differs"
        case .unusableAccessKey: "object_storage.access_key"
        case .unusableSecretKey: "object_storage.secret_key"
        case .unusableBucket: "object_storage.bucket"
        case .unusableRegion: "object_storage.region"
        }
    }
}

extension ObjectStorageConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingScheme(let suggestion):
            "The storage endpoint has no scheme. Write \(suggestion)"
        case .notPlainEndpoint(let suggestion):
            "The storage endpoint must be a scheme, a host and perhaps a port, nothing more. Write \(suggestion)"
        case .wrongOracleEndpoint(let found, let suggestion):
            "Uploads to Oracle Object Storage fail with the endpoint spelled \(found). Write \(suggestion)"
        case .regionDiffersFromEndpoint(let region, let endpointRegion):
            "The region is \(region), but the endpoint is in \(endpointRegion). Write \(endpointRegion)"
        case .unusableAccessKey: "The storage access key is empty or holds a space or a control character."
        case .unusableSecretKey: "The storage secret key is empty or holds a space or a control character."
        case .unusableBucket(let bucket):
            "\(bucket.debugDescription) is no bucket name: letters, digits, hyphens, underscores and dots, at most 255."
        case .unusableRegion(let region):
            "\(region.debugDescription) is no region. Write it like eu-frankfurt-1 or us-east-1."
        }
    }
}
