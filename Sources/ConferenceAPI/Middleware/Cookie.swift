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
        var found: String?
        for line in request.headers.values("Cookie") {
            guard let value = value(in: line) else { continue }
            guard found == nil || found == value.text, value.isUnambiguous else { return nil }
            found = value.text
        }
        guard let found, !found.isEmpty else { return nil }
        return found
    }

    /// The value in one header field, and whether it is the only one there.
    private func value(in line: String) -> (text: String, isUnambiguous: Bool)? {
        var (line, name) = (line, self.name)
        // By bytes: this is done for every request, and splitting by characters costs ten times as much.
        return line.withUTF8 { line in
            name.withUTF8 { name in
                var found: Slice<UnsafeBufferPointer<UInt8>>?
                for pair in line.split(separator: UInt8(ascii: ";")) {
                    let pair = pair.drop { $0 == UInt8(ascii: " ") }
                    guard pair.starts(with: name), pair.dropFirst(name.count).first == UInt8(ascii: "=") else {
                        continue
                    }
                    let value = pair.dropFirst(name.count + 1)
                    if let found, !found.elementsEqual(value) { return ("", false) }
                    found = value
                }
                return found.map { (String(decoding: $0, as: UTF8.self), true) }
            }
        }
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
