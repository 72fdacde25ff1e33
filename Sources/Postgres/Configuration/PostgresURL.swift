import CLibpq

/// Reads a connection URL with libpq's own parser, and refuses what libpq would take in another sense than meant.
enum PostgresURL {
    static func parse(_ url: String) throws(PostgresError) -> [String: String] {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") else {
            throw .configuration(
                "the URL must start with postgresql://, such as postgresql://user:password@host/database")
        }
        guard !url.utf8.contains(0) else { throw .configuration("the URL contains a NUL character") }
        let parameters = try parseWithLibpq(url)
        try check(parameters)
        return parameters
    }

    private static func parseWithLibpq(_ url: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            throw .configuration("the URL can't be read (\(reason(message))); percent-encode special characters")
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parameters
    }

    /// libpq quotes the text it stumbled over, which may be the password: keep what stands before.
    private static func reason(_ message: UnsafeMutablePointer<CChar>?) -> String {
        guard let message else { return "out of memory" }
        let text = String(cString: message)
        let words = text.prefix { $0 != "\"" && $0 != "\n" }
        return words.trimming { $0 == " " || $0 == ":" }
    }

    /// A password with an unencoded `@` or `/` ends up in the host, port or database: say so before it is shown anywhere.
    private static func check(_ parameters: [String: String]) throws(PostgresError) {
        let advice = "percent-encode special characters of the password, such as %40 for @ and %2F for /"
        for name in ["host", "dbname"] where parameters[name]?.contains("@") == true {
            throw .configuration("the URL's \(name == "host" ? "host" : "database") contains @; \(advice)")
        }
        let ports = parameters["port"]?.split(separator: ",", omittingEmptySubsequences: true) ?? []
        guard ports.allSatisfy({ (Int($0) ?? 0) > 0 && (Int($0) ?? 0) < 65_536 }) else {
            throw .configuration("the URL's port is not a number from 1 to 65535; \(advice)")
        }
        guard let database = parameters["dbname"], !database.isEmpty else {
            throw .configuration("the URL names no database; end it with /livekit_conference")
        }
    }
}

extension Substring {
    fileprivate func trimming(_ isPadding: (Character) -> Bool) -> String {
        var text = drop(while: isPadding)
        while let last = text.last, isPadding(last) { text.removeLast() }
        return String(text)
    }
}
