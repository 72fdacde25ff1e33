import FoundationEssentials
import HTTPServer

/// The session's cookie (RFC 6265bis).
struct Cookie: Sendable {
    let name: String
    let isSecure: Bool

    /// - Parameter isSecure: whether browsers reach us by https. Then the name's `__Host-` prefix makes them refuse a cookie
    ///   of this name that a sister domain or plain HTTP tries to set.
    init(isSecure: Bool) {
        self.isSecure = isSecure
        name = isSecure ? "__Host-session" : "session"
    }

    /// The cookie's value in a request. Without a value, or sent twice with different ones: nil.
    func value(in request: HTTPRequest) -> String? {
        var found: Substring?
        for line in request.headers.values("Cookie") {
            for pair in line.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard pair.hasPrefix(name), pair.dropFirst(name.count).first == "=" else { continue }
                let value = pair.dropFirst(name.count + 1)
                if let found, found != value { return nil }
                found = value
            }
        }
        guard let found, !found.isEmpty else { return nil }
        return String(found)
    }

    /// The `Set-Cookie` value that stores a session.
    func setting(_ value: String, until expiry: Date, now: Date) -> String {
        setting(value, seconds: max(0, Int(expiry.timeIntervalSince(now))))
    }

    private func setting(_ value: String, seconds: Int) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }

    /// The `Set-Cookie` value that removes it.
    var removal: String { setting("", seconds: 0) }
}
