/// The assignment in one line of a `.env` file.
struct EnvironmentFileLine {
    let name: String
    let value: String

    /// - Returns: nil for a blank line or a comment.
    static func parse(_ line: String) throws(InvalidSetting) -> EnvironmentFileLine? {
        var scalars = Array(line.unicodeScalars)
        if scalars.last == "\r" { scalars.removeLast() }
        guard !scalars.contains(where: { $0.value < 0x20 && $0 != "\t" }) else {
            throw InvalidSetting("has a control character")
        }
        var rest = scalars[...].drop(while: isBlank)
        if rest.isEmpty || rest.first == "#" { return nil }
        let export = Array("export".unicodeScalars)
        if rest.starts(with: export), rest.dropFirst(export.count).first.map(isBlank) == true {
            rest = rest.dropFirst(export.count).drop(while: isBlank)
        }
        guard let equals = rest.firstIndex(of: "=") else { throw InvalidSetting("is not of the form NAME=value") }
        let name = rest[..<equals]
        guard isName(name) else {
            throw InvalidSetting(
                "has no valid name before \"=\": letters, digits and underscores, no digit first, no space around \"=\""
            )
        }
        return EnvironmentFileLine(name: string(name), value: try parseValue(rest[(equals + 1)...]))
    }

    /// The name that a line means to set, whatever is wrong with its value; nil when it can't be told.
    static func name(in line: String) -> String? {
        let words = line.prefix { $0 != "=" }.split { $0 == " " || $0 == "\t" }
        guard line.contains("="), let last = words.last, isName(Array(last.unicodeScalars)[...]) else { return nil }
        return String(last)
    }

    private static func parseValue(_ text: ArraySlice<Unicode.Scalar>) throws(InvalidSetting) -> String {
        switch text.first {
        case "'": try parseQuoted(text.dropFirst(), quote: "'")
        case "\"": try parseQuoted(text.dropFirst(), quote: "\"")
        default: try parseBare(text)
        }
    }

    private static func parseBare(_ text: ArraySlice<Unicode.Scalar>) throws(InvalidSetting) -> String {
        let end = text.firstIndex(where: isBlank) ?? text.endIndex
        guard isEnd(text[end...]) else {
            throw InvalidSetting(
                "has a space in or before its value: put the value in quotes, with no space around \"=\"")
        }
        let value = text[..<end]
        guard !value.contains(where: { $0 == "\"" || $0 == "'" || $0 == "\\" }) else {
            throw InvalidSetting("has a quote or backslash in a bare value: put the whole value in single quotes")
        }
        return string(value)
    }

    private static func parseQuoted(
        _ text: ArraySlice<Unicode.Scalar>, quote: Unicode.Scalar
    ) throws(InvalidSetting) -> String {
        var value = String.UnicodeScalarView()
        var index = text.startIndex
        while index < text.endIndex {
            let scalar = text[index]
            index += 1
            if scalar == quote {
                guard isEnd(text[index...]) else { throw InvalidSetting("has text after the closing quote") }
                return String(value)
            }
            if scalar == "\\", quote == "\"" {
                guard index < text.endIndex else { break }
                value.append(try unescape(text[index]))
                index += 1
            } else {
                value.append(scalar)
            }
        }
        throw InvalidSetting("has no closing quote; values end on their line")
    }

    private static func unescape(_ scalar: Unicode.Scalar) throws(InvalidSetting) -> Unicode.Scalar {
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "\"", "\\", "$": return scalar
        default: throw InvalidSetting("has an unknown escape; known are \\n \\t \\\" \\\\ \\$")
        }
    }

    /// Nothing, or white space and a comment after it.
    private static func isEnd(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let rest = text.drop(while: isBlank)
        return rest.isEmpty || (rest.first == "#" && rest.count < text.count)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func isName(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = name.first, !("0"..."9").contains(first) else { return false }
        return name.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
