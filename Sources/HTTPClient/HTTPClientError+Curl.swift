import CCurl

extension HTTPClientError {
    /// Puts libcurl's result codes (libcurl-errors(3)) into our terms.
    init(_ result: CURLcode, host: String, text: String, connectTimeout: Duration) {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .dns(host: host)
        case CURLE_COULDNT_CONNECT:
            self = .connectFailed(host: host, reason: text)
        case CURLE_OPERATION_TIMEDOUT:
            // The other limits are timers of our own.
            self = .timeout(.connect, host: host, after: connectTimeout)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            self = .tls(host: host, reason: text)
        case CURLE_URL_MALFORMAT:
            self = .invalidRequest(reason: "libcurl can't parse the URL")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_AGAIN:
            self = .connectionLost(host: host, reason: text)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
            tooLarge:
            self = .invalidResponse(host: host, reason: text)
        default:
            self = .library(call: "transfer", code: Int(result.rawValue))
        }
    }
}

/// CURLE_TOO_LARGE, which came with libcurl 8.6.
private let tooLarge = CURLcode(rawValue: 100)
