/// A URL of a service as settings hold it (RFC 3986, with an authority): scheme, credentials, hosts, path and query.
///
/// Its description leaves out the password.
public struct ServiceURL: Hashable, Sendable, CustomStringConvertible {
    /// In lower case.
    public let scheme: String
    public let user: String?
    public let password: String?
    /// Hosts without port and brackets; several only where the service knows what that means, none in `scheme:///path`.
    public let hosts: [String]
    /// The port of the first host.
    public let port: UInt16?
    /// From the first slash on, as written; may be empty.
    public let path: String
    /// Decoded parameters.
    public let query: [String: String]
    public let hasFragment: Bool
    private let shown: String

    /// - Throws: ``InvalidSetting`` that says what is wrong, without showing the text.
    public init(_ text: String) throws(InvalidSetting) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw InvalidSetting("has a space or a character that a URL must encode")
        }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw InvalidSetting("is no URL: it lacks a scheme such as https://")
        }
        scheme = text[..<colon].lowercased()
        guard scheme.first?.isLetter == true, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
        else { throw InvalidSetting("has no valid scheme before ://") }
        var rest = text[colon...].dropFirst(3)
        hasFragment = rest.contains("#")
        rest = rest.prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterAuthority = rest[authority.endIndex...]
        path = String(afterAuthority.prefix { $0 != "?" })
        query = try Self.parseQuery(afterAuthority.dropFirst(path.count + 1))

        var hostPart = authority
        if let at = authority.lastIndex(of: "@") {
            hostPart = authority[authority.index(after: at)...]
            let credentials = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try Self.decode(credentials[0])
            password = credentials.count > 1 ? try Self.decode(credentials[1]) : nil
        } else {
            (user, password) = (nil, nil)
        }
        let endpoints = try Self.parseHosts(hostPart)
        hosts = endpoints.map(\.host)
        port = endpoints.first?.port
        shown = "\(scheme)://\(hostPart)\(path)"
    }

    public var description: String { shown }

    public var host: String { hosts.first ?? "" }

    /// Whether every host is this very machine, or there is none.
    public var isLoopback: Bool { hosts.allSatisfy(isLoopbackHost) }

    private static func parseHosts(_ text: Substring) throws(InvalidSetting) -> [(host: String, port: UInt16?)] {
        if text.isEmpty { return [] }
        var result: [(host: String, port: UInt16?)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var host = part
            var port: UInt16?
            let colon = part.lastIndex(of: ":")
            let isInBrackets = part.hasPrefix("[")
            if let colon, !isInBrackets || part[..<colon].hasSuffix("]") {
                host = part[..<colon]
                guard let number = UInt16(part[part.index(after: colon)...]), number > 0 else {
                    throw InvalidSetting("has no valid port after its host")
                }
                port = number
            }
            if isInBrackets {
                guard host.hasSuffix("]") else { throw InvalidSetting("has no closing bracket after its IPv6 address") }
                host = host.dropFirst().dropLast()
            } else if host.contains(":") {
                throw InvalidSetting("has an IPv6 address without brackets")
            }
            let name = try decode(host)
            guard !name.isEmpty else { throw InvalidSetting("has no host") }
            result.append((name.lowercased(), port))
        }
        return result
    }

    private static func parseQuery(_ text: Substring) throws(InvalidSetting) -> [String: String] {
        var result: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result[try decode(parts[0])] = parts.count > 1 ? try decode(parts[1]) : ""
        }
        return result
    }

    private static func decode(_ text: Substring) throws(InvalidSetting) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), value != 0
            else {
                throw InvalidSetting("has a percent sign without two hexadecimal digits; write %25 for the sign itself")
            }
            bytes.append(value)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidSetting("has encoded bytes that are no UTF-8")
        }
        return text
    }
}

/// Whether a host name or address means this very machine: `localhost`, 127.0.0.0/8, ::1 or the folder of a Unix socket.
public func isLoopbackHost(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || host.hasPrefix("/") { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
}
