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
        // By bytes: this is done for every request, and splitting by characters costs ten times as much.
        let name = self.name.utf8
        var found: Substring.UTF8View?
        for line in request.headers.values("Cookie") {
            for pair in line.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") }
                guard pair.starts(with: name), pair.dropFirst(name.count).first == UInt8(ascii: "=") else { continue }
                let value = pair.dropFirst(name.count + 1)
                if let found, !found.elementsEqual(value) { return nil }
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
