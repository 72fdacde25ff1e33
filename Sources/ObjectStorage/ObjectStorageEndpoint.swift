/// An endpoint that was found usable.
///
/// Recorders that upload to Oracle choose the form of upload that works there by the spelling of the endpoint: `https`
/// and a host that ends in `oraclecloud.com`. So only that spelling is taken.
struct ObjectStorageEndpoint {
    let url: String
    let authority: String

    init(_ text: String, region: String) throws(ObjectStorageConfigurationError) {
        let lowercased = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lowercased.hasPrefix($0) }) else {
            throw .missingScheme(suggestion: ObjectStorageEndpoint.withScheme(lowercased))
        }
        var rest = lowercased.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest.removeLast() }
        let authority = String(rest.prefix { !"/?#".contains($0) })
        try ObjectStorageEndpoint.checkPlain(rest: String(rest), authority: authority, scheme: scheme)
        self.authority = ObjectStorageEndpoint.withoutDefaultPort(authority, scheme: scheme)
        url = scheme + self.authority
        try ObjectStorageEndpoint.checkOracle(text, url: url, region: region)
    }

    private static func withScheme(_ text: String) -> String {
        let host = text.split(separator: "/").last { !$0.hasSuffix(":") } ?? "storage.example.com"
        if let oracle = OracleHost(String(host)) { return oracle.rightSpelling }
        let isLocal = host.hasPrefix("localhost") || host.hasPrefix("127.")
        return (isLocal ? "http://" : "https://") + host
    }

    private static func checkPlain(
        rest: String, authority: String, scheme: String
    ) throws(ObjectStorageConfigurationError) {
        let host = authority.split(separator: "@").last.map(String.init) ?? ""
        let isPlain = !host.isEmpty && host == rest && isAuthority(host)
        guard !isPlain else { return }
        let oracle = OracleHost(host)?.rightSpelling
        throw .notPlainEndpoint(suggestion: oracle ?? scheme + (isAuthority(host) ? host : "storage.example.com"))
    }

    private static func isAuthority(_ text: String) -> Bool {
        let parts = text.hasPrefix("[") ? text.dropFirst().split(separator: "]", maxSplits: 1) : []
        let host = parts.first.map(String.init) ?? String(text.prefix { $0 != ":" })
        let port = parts.isEmpty ? text.dropFirst(host.count) : parts.dropFirst().first ?? ""
        let marks = parts.isEmpty ? "-." : ":."
        guard !host.isEmpty, host.utf8.allSatisfy({ isLowercaseOrDigit($0) || marks.utf8.contains($0) }) else {
            return false
        }
        if port.isEmpty { return true }
        return port.hasPrefix(":") && (1...65535).contains(Int(port.dropFirst()) ?? 0)
    }

    private static func checkOracle(
        _ text: String, url: String, region: String
    ) throws(ObjectStorageConfigurationError) {
        guard let oracle = OracleHost(String(url.split(separator: "/").last ?? "")) else { return }
        guard url == oracle.rightSpelling else {
            throw .wrongOracleEndpoint(found: text, suggestion: oracle.rightSpelling)
        }
        if let endpointRegion = oracle.region, endpointRegion != region {
            throw .regionDiffersFromEndpoint(region: region, endpointRegion: endpointRegion)
        }
    }

    private static func withoutDefaultPort(_ authority: String, scheme: String) -> String {
        let port = scheme == "https://" ? ":443" : ":80"
        return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
    }
}

/// One of the many names of Oracle's storage, with what can be read from it.
struct OracleHost {
    private(set) var namespace: String?
    private(set) var region: String?

    /// - Returns: nil when the host, which may carry a port, is not Oracle's.
    init?(_ authority: String) {
        let host = authority.prefix { $0 != ":" }
        guard host.hasSuffix("oraclecloud.com") || host.hasSuffix("customer-oci.com") else { return nil }
        let labels = host.split(separator: ".").map(String.init)
        guard let service = labels.firstIndex(where: { $0.hasSuffix("objectstorage") }) else { return }
        let isStorageName = ["objectstorage", "swiftobjectstorage"].contains(labels[service])
        if isStorageName, service + 1 < labels.count, labels[service + 1].contains("-") { region = labels[service + 1] }
        if service >= 2, ["compat", "vhcompat"].contains(labels[service - 1]) { namespace = labels[service - 2] }
    }

    var rightSpelling: String {
        "https://\(namespace ?? "<namespace>").compat.objectstorage.\(region ?? "<region>").oraclecloud.com"
    }
}
