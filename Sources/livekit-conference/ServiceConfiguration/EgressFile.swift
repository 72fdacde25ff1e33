import ObjectStorage
import Platform

/// The configuration of LiveKit's recorder, made from ours.
enum EgressFile {
    static func text(_ configuration: Configuration) -> String {
        let liveKit = configuration.liveKit
        let storage = configuration.storage.configuration
        let scheme = liveKit.url.isSecure ? "wss" : "ws"
        let host = liveKit.url.description.drop { $0 != ":" }
        var lines = [
            ServiceFiles.notice,
            "api_key: \(YAML.quoted(liveKit.apiKey))",
            "api_secret: \(YAML.quoted(liveKit.apiSecret))",
            "ws_url: \(YAML.quoted(scheme + host))",
            "insecure: \(!liveKit.url.isSecure)",
        ]
        lines += LiveKitServerFile.redis(configuration.redis.configuration)
        lines += [
            "storage:",
            "  s3:",
            "    access_key: \(YAML.quoted(storage.accessKey))",
            "    secret: \(YAML.quoted(storage.secretKey))",
            "    region: \(YAML.quoted(storage.region))",
            "    endpoint: \(YAML.quoted(storage.endpoint))",
            "    bucket: \(YAML.quoted(storage.bucket))",
            "    force_path_style: true",
            "    # There is no default: without it a failed upload is not tried again.",
            "    max_retries: 8",
            "    min_retry_delay: 500ms",
            "    max_retry_delay: 30s",
            "logging:",
            "  level: info",
            "  json: true",
        ]
        return lines.joined(separator: "\n")
    }
}
