import COpenSSL
import FoundationEssentials

/// Signs as LiveKit's server does, without the code under test.
public enum WebhookSigning {
    public static func hash(of content: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(content, content.count, &digest, nil, EVP_sha256(), nil)
        return Data(digest).base64EncodedString()
    }

    public static func token(header: String, claims: String, secret: String) -> String {
        let signed = "\(base64URL(Array(header.utf8))).\(base64URL(Array(claims.utf8)))"
        let key = Array(secret.utf8)
        let message = Array(signed.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        _ = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
        return "\(signed).\(base64URL(code))"
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
