import FoundationEssentials
import Glibc
import HTTPClient
import Platform

/// The certificate that browsers are shown.
enum CertificateChecks {
    static let all: [DoctorCheck] = [
        .host("certificate.public", "browsers trust the certificate, and will for long enough", limit: .seconds(30)) {
            host in
            let http = try host.settings.require(\.http, "PUBLIC_URL, FRONTEND_URL")
            let liveKit = try host.settings.require(\.liveKit, "LIVEKIT_PUBLIC_URL")
            let urls = [http.publicURL, http.frontendURL, liveKit.publicURL].filter(\.isSecure)
            guard !urls.isEmpty else { return .skip("no address of ours is https") }
            return try look(urls, isOwn: host.settings.parts.host?.certificates == .internal)
        }
    ]

    private static func look(_ urls: [BaseURL], isOwn: Bool) throws -> DoctorFinding {
        var seen: Set<String> = []
        var good: [String] = []
        for url in urls {
            let port = url.port ?? 443
            guard seen.insert("\(url.host):\(port)").inserted else { continue }
            let shown = url.host.contains(":") ? "[\(url.host)]" : url.host
            let finding: DoctorFinding
            do {
                let certificate = try CertificateProbe.look(
                    at: "https://\(shown):\(port)/", host: url.host, timeout: .seconds(8))
                finding = verdict(certificate, host: url.host, isOwn: isOwn, now: Date())
            } catch .dns {
                return .unknown("\(url.host) can't be resolved", "See names.public.")
            } catch {
                return .fail("\(error)", "systemctl status caddy; see ports.listening and firewall.public.")
            }
            guard finding.outcome == .pass else { return finding }
            good.append(finding.reason)
        }
        return .pass(good.joined(separator: "; "))
    }

    /// - Parameter isOwn: whether it is of an authority that nobody but us knows, as the configuration wants it.
    static func verdict(_ certificate: ServerCertificate, host: String, isOwn: Bool, now: Date) -> DoctorFinding {
        guard let begin = date(certificate.begin), let end = date(certificate.end) else {
            return .unknown("the certificate's dates can't be read: \(certificate.begin), \(certificate.end)")
        }
        let left = end.timeIntervalSince(now)
        let remedy =
            "Caddy renews it by itself: journalctl -u caddy says why it doesn't. Port 443 must be reached from outside."
        guard left > 0 else { return .fail("the certificate of \(host) has expired (\(certificate.end))", remedy) }
        guard begin <= now else {
            return .fail(
                "the certificate of \(host) is not valid before \(certificate.begin)", "See clocks.synchronised.")
        }
        guard certificate.names.contains(where: { matches($0, host) }) else {
            return .fail(
                "the certificate is for \(certificate.names.joined(separator: ", ")), not for \(host)",
                "Another server answers there, or PUBLIC_URL, FRONTEND_URL or LIVEKIT_PUBLIC_URL is wrong.")
        }
        let lifetime = end.timeIntervalSince(begin)
        let day = 86_400.0
        let days = (left / day * 10).rounded(.down) / 10
        let reason = "\(host) until \(certificate.end), \(days) days"
        // It is renewed when a third of its life is left.
        if left < min(lifetime / 10, 7 * day) { return .fail("\(reason), and was not renewed", remedy) }
        if let distrust = certificate.distrust, !isOwn {
            return .fail(
                "\(host): \(distrust)",
                "Let Caddy get one: PROXY_CERTIFICATES=acme. Issuer here: \(certificate.issuer).")
        }
        if left < min(lifetime / 4, 21 * day) { return .warn("\(reason), and was not renewed", remedy) }
        return .pass(reason)
    }

    /// A name with an asterisk stands for one label (RFC 6125, section 6.4.3).
    static func matches(_ name: String, _ host: String) -> Bool {
        let name = name.lowercased()
        guard name.hasPrefix("*.") else { return name == host }
        guard let dot = host.firstIndex(of: ".") else { return false }
        return host[dot...] == name.dropFirst()
    }

    /// `Jan  2 15:04:05 2027 GMT`.
    static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split { $0 == " " || $0 == ":" }
        let numbers = words.map { Int32($0) }
        guard words.count == 7, words[6] == "GMT", let month = months.firstIndex(of: String(words[0])),
            let day = numbers[1], let hour = numbers[2], let minute = numbers[3], let second = numbers[4],
            let year = numbers[5]
        else { return nil }
        var parts = tm()
        parts.tm_year = year - 1900
        parts.tm_mon = Int32(month)
        parts.tm_mday = day
        parts.tm_hour = hour
        parts.tm_min = minute
        parts.tm_sec = second
        return Date(timeIntervalSince1970: Double(timegm(&parts)))
    }
}
