import CCjose
import FoundationEssentials

/// Signs and verifies with libcjose (RFC 7515, compact form, HS256).
enum JWS {
    static func sign(_ payload: [UInt8], secret: [UInt8]) throws(LiveKitError) -> String {
        var error = cjose_err()
        guard let header = cjose_header_new(&error) else { throw failure("cjose_header_new", error) }
        defer { cjose_header_release(header) }
        guard cjose_header_set(header, lkc_cjose_header_alg(), lkc_cjose_alg_hs256(), &error) else {
            throw failure("cjose_header_set", error)
        }
        guard cjose_header_set(header, "typ", "JWT", &error) else { throw failure("cjose_header_set", error) }
        // The key is made anew each time: its reference count is not safe to share between threads.
        guard let key = cjose_jwk_create_oct_spec(secret, secret.count, &error) else {
            throw failure("cjose_jwk_create_oct_spec", error)
        }
        defer { cjose_jwk_release(key) }
        guard let jws = cjose_jws_sign(key, header, payload, payload.count, &error) else {
            throw failure("cjose_jws_sign", error)
        }
        defer { cjose_jws_release(jws) }
        // The text belongs to the jws.
        var text: UnsafePointer<CChar>?
        guard cjose_jws_export(jws, &text, &error), let text else { throw failure("cjose_jws_export", error) }
        return String(cString: text)
    }

    /// The payload of a token signed with `secret`; nil when it isn't one, or was signed in another way than HS256.
    static func verify(_ token: String, secret: [UInt8]) throws(LiveKitError) -> [UInt8]? {
        guard isPlainHS256(token) else { return nil }
        var error = cjose_err()
        let text = Array(token.utf8CString)
        guard let jws = cjose_jws_import(text, text.count - 1, &error) else { return nil }
        defer { cjose_jws_release(jws) }
        guard let key = cjose_jwk_create_oct_spec(secret, secret.count, &error) else {
            throw failure("cjose_jwk_create_oct_spec", error)
        }
        defer { cjose_jwk_release(key) }
        guard cjose_jws_verify(jws, key, &error) else { return nil }
        // The bytes belong to the jws.
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard cjose_jws_get_plaintext(jws, &bytes, &count, &error), let bytes else { return nil }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Whether a token has three parts in the alphabet of base64url and a header that says HS256 and demands nothing. The
    /// library would take other algorithms for the same key, and characters that don't belong there.
    private static func isPlainHS256(_ token: String) -> Bool {
        struct Header: Decodable {
            let alg: String
            let crit: [String]?
        }
        guard token.utf8.count <= 8192 else { return false }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isBase64URL) }),
            let header = Data(base64URL: String(token.prefix(parts[0].count))),
            let fields = try? JSONDecoder().decode(Header.self, from: header)
        else { return false }
        return fields.alg == "HS256" && fields.crit == nil
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func failure(_ call: String, _ error: cjose_err) -> LiveKitError {
        .signing(call: call, reason: error.message.map { String(cString: $0) } ?? "no reason given")
    }
}

extension Data {
    /// Base64url without padding (RFC 4648, section 5).
    init?(base64URL text: String) {
        var text = text.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        self.init(base64Encoded: text)
    }
}
