import Platform
import TestSupport
import Testing

/// Random `.env` files; see `Fuzz`.
@Suite struct EnvironmentFileFuzzTests {
    /// A value in a form that can hold it, written by the rules that the documentation gives.
    private static func written(_ value: String, _ fuzz: inout Fuzz) -> String {
        let isBare = value.unicodeScalars.allSatisfy { !" \t\"'\\\n#".unicodeScalars.contains($0) }
        if isBare, fuzz.chance(0.5) { return value }
        let isPlain = value.unicodeScalars.allSatisfy { $0 != "'" && $0 != "\n" }
        if isPlain, fuzz.chance(0.5) { return "'\(value)'" }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t" where fuzz.chance(0.5): text += "\\t"
            case "\"", "\\": text += "\\\(scalar)"
            case "$" where fuzz.chance(0.5): text += "\\$"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"\(text)\""
    }

    @Test func valuesAreReadAsTheyWereWritten() throws {
        let pieces = [
            "a", "Z9", "=", "#", " ", "\t", "'", "\"", "\\", "\n", "$HOME", "é", "😀", "://", "\u{301}", "export ",
        ]
        try Fuzz.cases { fuzz in
            var expected: [String: String] = [:]
            var lines: [String] = []
            for number in 0..<fuzz.number(0...6) {
                let value = fuzz.text(of: pieces, upTo: 6)
                expected["N\(number)"] = value
                let before = fuzz.pick(["", "export ", "  ", "\texport\t"])
                lines.append("\(before)N\(number)=\(Self.written(value, &fuzz))\(fuzz.pick(["", " ", " # x", "\t#"]))")
                if fuzz.chance(0.3) { lines.append(fuzz.pick(["", "# N9=x", "   "])) }
            }
            let text = lines.joined(separator: fuzz.pick(["\n", "\r\n"]))
            let values = try EnvironmentFile(text: text, path: ".env").entries.mapValues(\.value)
            try #require(values == expected, "\(text.debugDescription)")
        }
    }

    /// A wrong line is told by its number, and none of its value is shown.
    @Test func brokenFilesAreToldWithoutTheirValues() throws {
        try Fuzz.cases { fuzz in
            let line = "NAME=\(fuzz.pick(["'", "\"", ""]))s3cr3t\(fuzz.pick(["'", "\"", " x", "\\q"]))"
            let text = String(
                decoding: fuzz.mutated(Array("A=1\n\(line)\nB=2\n".utf8), using: Array("='\"\\ #\n".utf8)),
                as: UTF8.self)
            do throws(EnvironmentFileError) {
                _ = try EnvironmentFile(text: text, path: ".env")
            } catch {
                try #require(
                    !error.problems.isEmpty && !error.description.contains("s3cr3t"), "\(text.debugDescription)")
                try #require(error.problems.allSatisfy { $0.description.contains("line ") }, "\(error)")
            }
        }
    }
}
