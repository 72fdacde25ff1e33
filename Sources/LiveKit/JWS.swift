import CCjose

/// Signs with libcjose (RFC 7515, compact form, HS256).
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

    private static func failure(_ call: String, _ error: cjose_err) -> LiveKitError {
        .signing(call: call, reason: error.message.map { String(cString: $0) } ?? "no reason given")
    }
}
