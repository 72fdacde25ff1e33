import COpenSSL

/// A Lua script, known to the server by its SHA-1.
public struct RedisScript: Sendable {
    public let source: String
    /// In hexadecimal; nil where the cryptography policy forbids SHA-1, and the source is sent each time.
    let digest: String?

    public init(_ source: String) {
        self.source = source
        digest = sha1Hex(of: Array(source.utf8))
    }
}

private func sha1Hex(of bytes: [UInt8]) -> String? {
    var digest = [UInt8](repeating: 0, count: 20)
    var length: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha1(), nil) == 1, length == 20 else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
