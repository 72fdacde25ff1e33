extension RedisConfiguration {
    /// Reads a URL:
    ///
    /// - `redis://[[user][:password]@]host[:port][/database]`
    /// - `rediss://...` with TLS, and optionally `?ca=/path.pem`, `?cert=/path.pem&key=/path.pem`
    /// - `unix:///path/of/socket?db=1`, also written `redis+unix://`, with `[user][:password]@` before the path
    ///
    /// User name, password and path are percent-decoded.
    /// - Throws: ``RedisError/configuration(_:)``, whose text never repeats the URL.
    public init(url: String) throws(RedisError) {
        guard let separator = url.firstRange(of: "://") else {
            throw .configuration("the URL must start with redis://, rediss:// or unix://")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard ["redis", "rediss", "unix", "redis+unix"].contains(scheme) else {
            throw .configuration("the URL must start with redis://, rediss:// or unix://")
        }
        let parts = try URLParts(url[separator.upperBound...])
        let isUnix = scheme.hasSuffix("unix")
        if isUnix {
            self.init(endpoint: .unix(path: try parts.socketPath()))
        } else {
            let (host, port) = try parts.hostAndPort()
            self.init(endpoint: .tcp(host: host, port: port))
            database = try Self.databaseNumber(parts.path.dropFirst())
        }
        if scheme == "rediss" { tls = RedisTLSOptions() }
        (user, password) = try parts.credentials()
        for (name, value) in parts.parameters { try apply(name, value) }
        if let tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
            throw .configuration("the URL's parameters cert and key belong together")
        }
    }

    private mutating func apply(_ name: String, _ value: String) throws(RedisError) {
        switch name {
        case "db": database = try Self.databaseNumber(value[...])
        case "ca" where tls != nil: tls?.authorityFile = value
        case "cert" where tls != nil: tls?.certificateFile = value
        case "key" where tls != nil: tls?.keyFile = value
        case "ca", "cert", "key": throw .configuration("the URL's parameter \(name) needs the scheme rediss://")
        default: throw .configuration("the URL has an unknown parameter; known are db, ca, cert and key")
        }
    }

    private static func databaseNumber(_ text: Substring) throws(RedisError) -> Int {
        if text.isEmpty { return 0 }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            throw .configuration("the URL's database must be a number, as in redis://host:6379/0")
        }
        return number
    }
}

/// A URL after its scheme, cut at its separators.
private struct URLParts {
    let authority: Substring
    let path: Substring
    let parameters: [(String, String)]

    init(_ text: Substring) throws(RedisError) {
        let authorityEnd = text.firstIndex { "/?#".contains($0) } ?? text.endIndex
        authority = text[..<authorityEnd]
        let rest = text[authorityEnd...]
        guard !rest.contains("@"), !rest.contains("#") else {
            throw .configuration(
                "user name and password in the URL must be percent-encoded: %2F for /, %3F for ?, %23 for #, %40 for @")
        }
        let queryStart = rest.firstIndex(of: "?") ?? rest.endIndex
        path = rest[..<queryStart]
        var parameters: [(String, String)] = []
        for pair in rest[queryStart...].dropFirst().split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            parameters.append((String(pair[..<equals]), try percentDecoded(pair[equals...].dropFirst())))
        }
        self.parameters = parameters
    }

    private var hostStart: Substring.Index {
        authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
    }

    func credentials() throws(RedisError) -> (user: String?, password: RedisPassword?) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, nil) }
        let credentials = authority[..<at]
        let colon = credentials.firstIndex(of: ":") ?? credentials.endIndex
        let user = try percentDecoded(credentials[..<colon])
        let password = try percentDecoded(credentials[colon...].dropFirst())
        guard user.isEmpty || !password.isEmpty else {
            throw .configuration("the URL has a user name without a password; write user:password@ or :password@")
        }
        return (user.isEmpty ? nil : user, password.isEmpty ? nil : RedisPassword(password))
    }

    func hostAndPort() throws(RedisError) -> (String, UInt16) {
        let text = authority[hostStart...]
        let host: Substring
        let rest: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else {
                throw .configuration("the URL's IPv6 address lacks its closing bracket")
            }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            (host, rest) = (text[..<colon], text[colon...])
        }
        guard !host.isEmpty else { throw .configuration("the URL lacks a host, as in redis://localhost:6379/0") }
        if rest.isEmpty { return (try percentDecoded(host), 6379) }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else {
            throw .configuration(
                "the URL's port must be a number from 1 to 65535 (IPv6 needs brackets, a password an @ after it)"
            )
        }
        return (try percentDecoded(host), port)
    }

    func socketPath() throws(RedisError) -> String {
        guard authority[hostStart...].isEmpty, path.count > 1 else {
            throw .configuration("the URL lacks the socket's absolute path, as in unix:///run/redis/redis.sock")
        }
        let decoded = try percentDecoded(path)
        guard decoded.utf8.count <= 107 else { throw .configuration("the URL's socket path is longer than 107 bytes") }
        return decoded
    }
}

private func percentDecoded(_ text: Substring) throws(RedisError) -> String {
    guard text.utf8.contains(0x25) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == 0x25 else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else {
            throw .configuration(
                "the URL has a % that two hexadecimal digits don't follow; write %25 for a percent sign")
        }
        bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), !decoded.utf8.contains(0) else {
        throw .configuration("the URL's percent-encoded text is not UTF-8")
    }
    return decoded
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
