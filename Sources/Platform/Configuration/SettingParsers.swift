/// Parsers for the usual types of settings.
public enum SettingParsers {
    /// The text itself, without white space at its ends.
    public static func text(_ text: String) throws(InvalidSetting) -> String {
        guard let first = text.first, let last = text.last, !first.isWhitespace, !last.isWhitespace else {
            throw InvalidSetting("starts or ends with white space")
        }
        return text
    }

    public static func integer(_ range: ClosedRange<Int>) -> @Sendable (String) throws(InvalidSetting) -> Int {
        { (text: String) throws(InvalidSetting) -> Int in
            guard let number = Int(text), range.contains(number) else {
                throw InvalidSetting("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// A time such as `500ms`, `10s`, `5m`, `12h` or `7d`; a bare number means seconds.
    public static func duration(_ range: ClosedRange<Duration>) -> @Sendable (String) throws(InvalidSetting) -> Duration
    {
        { (text: String) throws(InvalidSetting) -> Duration in
            guard let duration = parseDuration(text), range.contains(duration) else {
                throw InvalidSetting(
                    "must be a time from \(spell(range.lowerBound)) to \(spell(range.upperBound)), such as 500ms, 10s, 5m, 12h or 7d"
                )
            }
            return duration
        }
    }

    /// A number of bytes, bare or with KiB, MiB or GiB.
    public static func bytes(_ range: ClosedRange<Int>) -> @Sendable (String) throws(InvalidSetting) -> Int {
        { (text: String) throws(InvalidSetting) -> Int in
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let factors = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
            guard let number = Int(digits), let factor = factors[String(text[digits.endIndex...])],
                case let (product, overflow) = number.multipliedReportingOverflow(by: factor), !overflow,
                range.contains(product)
            else {
                throw InvalidSetting(
                    "must be a number of bytes from \(range.lowerBound) to \(range.upperBound), such as 65536, 64KiB or 1MiB"
                )
            }
            return product
        }
    }

    /// One of an enumeration's words.
    public static func word<Value: RawRepresentable & CaseIterable & Sendable>(
        _ type: Value.Type
    ) -> @Sendable (String) throws(InvalidSetting) -> Value where Value.RawValue == String {
        { (text: String) throws(InvalidSetting) -> Value in
            if let value = Value(rawValue: text) { return value }
            let words = Value.allCases.map(\.rawValue)
            var message = "is \"\(text)\" but must be one of \(words.joined(separator: ", "))"
            if let nearest = nearestName(to: text, among: words) { message += "; did you mean \(nearest)?" }
            throw InvalidSetting(message)
        }
    }

    /// Words separated by commas or white space.
    public static func list(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// The address of a service: one host, no credentials, query or fragment.
    public static func baseURL(schemes: [String]) -> @Sendable (String) throws(InvalidSetting) -> BaseURL {
        { (text: String) throws(InvalidSetting) -> BaseURL in
            let url = try ServiceURL(text)
            guard schemes.contains(url.scheme) else {
                throw InvalidSetting("must start with \(schemes.map { $0 + "://" }.joined(separator: " or "))")
            }
            guard url.hosts.count == 1 else { throw InvalidSetting("must have one host") }
            guard url.user == nil else { throw InvalidSetting("must not contain a user or password") }
            guard url.query.isEmpty, !text.contains("?"), !url.hasFragment else {
                throw InvalidSetting("must not have a query or fragment")
            }
            return BaseURL(url)
        }
    }

    private static func parseDuration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number < 1 << 40 else { return nil }
        switch text[digits.endIndex...] {
        case "ms": return .milliseconds(number)
        case "", "s": return .seconds(number)
        case "m": return .seconds(number * 60)
        case "h": return .seconds(number * 3600)
        case "d": return .seconds(number * 86400)
        default: return nil
        }
    }

    private static func spell(_ duration: Duration) -> String {
        let milliseconds = duration.nanoseconds / 1_000_000
        func isWhole(_ unit: Int64) -> Bool { milliseconds >= unit && milliseconds % unit == 0 }
        // Not a loop over pairs: of that the compiler made one of two programs, by chance, and packages have to be reproducible.
        if isWhole(86_400_000) { return "\(milliseconds / 86_400_000)d" }
        if isWhole(3_600_000) { return "\(milliseconds / 3_600_000)h" }
        if isWhole(60_000) { return "\(milliseconds / 60_000)m" }
        if isWhole(1000) { return "\(milliseconds / 1000)s" }
        return "\(milliseconds)ms"
    }
}
