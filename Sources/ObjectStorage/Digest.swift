import COpenSSL

/// SHA-256 and HMAC-SHA-256 of libcrypto (FIPS 180-4, RFC 2104).
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        var length: UInt32 = 0
        let status = EVP_Digest(bytes, bytes.count, &result, &length, EVP_sha256(), nil)
        precondition(status == 1 && length == result.count, "SHA-256 is not available in libcrypto")
        return result
    }

    static func hmac(key: [UInt8], _ text: String) -> [UInt8] {
        let message = Array(text.utf8)
        var result = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        var length: UInt32 = 0
        let code = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &result, &length)
        precondition(code != nil && length == result.count, "HMAC-SHA-256 is not available in libcrypto")
        return result
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
