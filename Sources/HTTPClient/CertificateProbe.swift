import CCurl
import Glibc
import Platform

/// The certificate that a server shows, trusted or not.
public struct ServerCertificate: Hashable, Sendable {
    /// DNS names and addresses it is for.
    public let names: [String]
    public let issuer: String
    /// As OpenSSL writes them: `Jan  2 15:04:05 2027 GMT`.
    public let begin: String
    public let end: String
    /// Why it isn't trusted; nil when it is.
    public let distrust: String?

    package init(names: [String], issuer: String, begin: String, end: String, distrust: String?) {
        self.names = names
        self.issuer = issuer
        self.begin = begin
        self.end = end
        self.distrust = distrust
    }
}

/// Looks at servers' certificates. Nothing is sent to them but the handshake.
public enum CertificateProbe {
    /// Blocks for as long as the handshake takes.
    ///
    /// - Parameter url: of which scheme, host and port count.
    /// - Throws: ``HTTPClientError`` when there is no handshake at all.
    public static func look(at url: String, host: String, timeout: Duration) throws(HTTPClientError)
        -> ServerCertificate
    {
        var refusal: String?
        do {
            return try handshake(url, host, timeout, isVerified: true, distrust: nil)
        } catch .tls(_, let reason) {
            refusal = reason
        }
        return try handshake(url, host, timeout, isVerified: false, distrust: refusal)
    }

    private static func handshake(
        _ url: String, _ host: String, _ timeout: Duration, isVerified: Bool, distrust: String?
    ) throws(HTTPClientError) -> ServerCertificate {
        let easy = try EasyHandle()
        var configuration = HTTPClientConfiguration()
        configuration.connectTimeout = timeout
        try easy.configure(HTTPClientRequest(url: url), configuration)
        try easy.prepareProbe(isVerified: isVerified)
        let result = curl_easy_perform(easy.pointer)
        guard result == CURLE_OK else {
            throw HTTPClientError(result, host: host, text: easy.errorText(result), connectTimeout: timeout)
        }
        guard let fields = easy.certificate() else {
            throw .tls(host: host, reason: "the handshake gave no certificate")
        }
        let names = (fields["X509v3 Subject Alternative Name"] ?? "").split(separator: ",").compactMap { part in
            part.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
        }
        return ServerCertificate(
            names: names, issuer: fields["Issuer"] ?? "", begin: fields["Start date"] ?? "",
            end: fields["Expire date"] ?? "", distrust: distrust)
    }
}
